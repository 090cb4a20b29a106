import Foundation

/// What libFuzzer calls with each input (scripts/fuzz.sh).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if let fault = FrameProperties.fault(in: Array(UnsafeBufferPointer(start: bytes, count: count))) {
        // libFuzzer learns of a fault by the end of the process, and keeps the input.
        fatalError(fault)
    }
    return 0
}

/// Called once, before: leaves the seeds where libFuzzer looks for them.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzInitialize(_: UnsafeMutablePointer<CInt>?, _: UnsafeMutableRawPointer?) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["FRAME_FUZZ_SEEDS"] else { return 0 }
    for (number, stream) in SeedStreams.all.enumerated() {
        let path = "\(folder)/seed-\(number)"
        guard FileManager.default.createFile(atPath: path, contents: Data(stream)) else {
            // Without its seeds a run would find little and say nothing of it.
            fatalError("cannot write \(path)")
        }
    }
    return 0
}
