import Foundation

/// libFuzzer's entry: hands each input to the target that `FUZZ_TARGET` names, whose function is `fuzz_` and that name.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzEntry(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt { chosen(data, count) }

private typealias FuzzTarget = @convention(c) (UnsafePointer<UInt8>, Int) -> CInt

nonisolated(unsafe) private let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let found = dlsym(nil, "fuzz_" + name.replacing("-", with: "_")) else {
        fatalError("FUZZ_TARGET names no target: '\(name)'")
    }
    // SAFETY: every exported function of that name takes what libFuzzer lends and gives a C int (Fuzz/targets).
    return unsafeBitCast(found, to: FuzzTarget.self)
}()
