/// What a source said last of its signal: that it withdraws it, or what became of it after it had left the desk (C4).
package struct SourceReport: Hashable, Sendable, Codable {
    /// How programs call themselves: a source, or what carries signals out.
    package let reportedBy: String
    package let reportedAt: Timestamp
    /// Why it was withdrawn, or failed.
    package let reason: String?
    /// At which it was carried out.
    package let price: Quantity?
    /// How much of it was.
    package let quantity: Quantity?
    /// What the venue or the broker calls it.
    package let orderID: String?

    package init(
        reportedBy: String,
        reportedAt: Timestamp,
        reason: String? = nil,
        price: Quantity? = nil,
        quantity: Quantity? = nil,
        orderID: String? = nil
    ) {
        self.reportedBy = reportedBy
        self.reportedAt = reportedAt
        self.reason = reason
        self.price = price
        self.quantity = quantity
        self.orderID = orderID
    }
}
