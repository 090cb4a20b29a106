import Domain
import Foundation
package import Hummingbird
import Logging
import NIOCore
import Wire

/// What a request carries through the routes.
package struct DeskContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    let channel: any NIOCore.Channel

    /// Bodies are read by ``BoundedBody``.
    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// A part of the path, percent-decoded: the router (Hummingbird 2.28) hands parts on as they came, and the symbol
    /// `BTC/USD` or the id in a `full_details_url` can only come encoded.
    func pathText(_ name: String) throws -> String {
        let raw = try parameters.require(name)
        guard let text = raw.removingPercentEncoding else {
            throw Problem(.invalidRequest, "\(Line.quoted(raw)) in the path is not percent-encoded UTF-8.")
        }
        return text
    }
}
