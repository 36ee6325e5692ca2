internal import Foundation
internal import ServerCore

/// The program: everything of it is in ServerCore, where tests reach it.
@main
struct Highland {
    static func main() async {
        // Whatever the program writes is for its own user alone.
        umask(0o077)
        let context = HighlandProgram.processContext(serve: ServeRun.run)
        exit(await HighlandProgram.run(Array(CommandLine.arguments.dropFirst()), in: context))
    }
}
