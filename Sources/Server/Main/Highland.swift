internal import Foundation
internal import ServerCore
internal import Threads

/// The program: everything of it is in ServerCore, where tests reach it.
@main
struct Highland {
    static func main() async {
        // Here no other thread has taken a heap of its own yet.
        FreedMemory.keep()
        // Whatever the program writes is for its own user alone.
        umask(0o077)
        let context = HighlandProgram.processContext(serve: ServeRun.run)
        exit(await HighlandProgram.run(Array(CommandLine.arguments.dropFirst()), in: context))
    }
}
