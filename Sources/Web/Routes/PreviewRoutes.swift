import Domain
import Engine
import Hummingbird
import Wire

/// What heat, campaign and sessions will be once a signal is taken (issue 5, part 7). Nothing is decided by asking.
struct PreviewRoutes {
    let desk: Desk

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/signals/{id}/preview") { _, context in try await preview(context) }
        router.get("/api/v1/previews") { _, _ in
            let (offset, previews) = await desk.previews()
            return Response.json(PreviewsPage(previews: previews.map(SignalPreview.init), offset: offset))
        }
    }

    private func preview(_ context: DeskContext) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text), let signal = try await desk.signal(id) else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        return .json(SignalPreview(await desk.preview(of: signal)))
    }
}

extension SignalPreview {
    fileprivate init(_ previewed: Desk.Previewed) {
        self.init(signal: previewed.signal, preview: previewed.preview, drift: previewed.drift)
    }
}
