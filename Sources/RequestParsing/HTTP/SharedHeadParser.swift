/// One head parser for all connections of a loop, which take turns with it: a request that arrives whole needs it for one
/// call only, and its kilobyte stays in the processor's first cache.
package final class SharedHeadParser {
    package var parser: RequestHeadParser

    package init(limits: HeadLimits) { parser = RequestHeadParser(limits: limits) }

    /// Gives the parser away, with all that it has read, and has a new one from now on; allocates 1 KiB.
    package func take() -> RequestHeadParser {
        let taken = parser
        parser = RequestHeadParser(limits: taken.limits)
        return taken
    }
}
