import HTTPTypes
import Hummingbird
import NIOCore
import Wire

extension Response {
    /// A JSON answer; never cached, for it is true only now.
    static func json(_ value: some WireEncodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:])
        -> Response
    {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded))
        )
    }
}
