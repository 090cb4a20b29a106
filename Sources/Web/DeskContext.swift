package import Hummingbird
import Logging
import NIOCore

/// What a request carries through the routes.
package struct DeskContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Percent-decoded parameters and limits are the router's; bodies are read by ``BoundedBody``.
    package init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}
