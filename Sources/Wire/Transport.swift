/// What carries a tab's messages (C20). Polling is no tab: the desk does not know of it.
package enum Transport: String, CaseIterable, Sendable {
    case webSocket = "websocket"
    case eventStream = "event_stream"
}
