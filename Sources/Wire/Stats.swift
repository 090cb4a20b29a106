package import Domain

/// Who is connected and listens to what (`GET /ws/stats`, EP-08).
package struct Stats: Sendable, WireEncodable {
    package struct Client: Hashable, Sendable {
        /// The label of its address or, without one, its connection id. No label twice.
        package var label: String
        package var transport: Transport
        package var channels: Set<Channel>
        /// `nil` is every symbol.
        package var symbols: Set<Symbol>?

        package init(label: String, transport: Transport, channels: Set<Channel>, symbols: Set<Symbol>?) {
            self.label = label
            self.transport = transport
            self.channels = channels
            self.symbols = symbols
        }
    }

    package var clients: [Client]

    package init(clients: [Client]) { self.clients = clients }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("total_connections", clients.count)
            json.texts("clients", clients.map(\.label))
            json.object("transports") { json in
                for client in clients {
                    json.key(client.label)
                    json.string(client.transport.rawValue)
                }
            }
            json.object("channel_subscriptions") { json in
                for client in clients {
                    json.key(client.label)
                    json.array(client.channels.map(\.text).sorted()) { $0.string($1) }
                }
            }
            json.object("symbol_subscriptions") { json in
                for client in clients {
                    guard let symbols = client.symbols, !symbols.isEmpty else { continue }
                    json.key(client.label)
                    json.array(symbols.map(\.text).sorted()) { $0.string($1) }
                }
            }
        }
    }
}
