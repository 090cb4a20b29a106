package import Webhooks

/// What the desk has to do with other programs by webhook.
package struct WebhookServices: Sendable {
    /// By name.
    package let sources: [String: WebhookSource]
    /// `nil` where nothing is ever sent.
    package let deliveries: WebhookDeliveries?

    package static let none = WebhookServices(sources: [:], deliveries: nil)

    package init(sources: [String: WebhookSource], deliveries: WebhookDeliveries?) {
        self.sources = sources
        self.deliveries = deliveries
    }
}
