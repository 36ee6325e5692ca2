package import Events
package import RequestParsing

/// How the public plane listens, and what one client may cost. Every limit has a stated behaviour when it is reached.
package struct ServingConfiguration: Sendable {
    /// Which code reads request heads and bodies.
    package enum Parser: String, CaseIterable, Sendable {
        /// The project's own: strict and cheap.
        case own
        /// NIOHTTP1's decoder, feeding the same responder: slower, there so that a doubt about ours can be settled.
        case nio
    }

    package var host = "0.0.0.0"
    /// 0 lets the system choose; `HTTPListener.port` says which.
    package var port = 8_080
    package var backlog = 1_024
    package var parser = Parser.own
    /// Sizes of the request head: beyond them 414 or 431, and the connection closes.
    package var headLimits = HeadLimits()
    /// A body as sent and as inflated: beyond it 413, and the connection closes.
    package var bodyBytesMax = 1 << 20
    /// Requests read but not answered on one connection, 1 ... 16; at the bound reading stops until an answer leaves.
    package var pipelinedRequestsMax = 16
    /// Connections in all. Beyond them a connection is answered 503 and closed; beyond an eighth more, closed
    /// unanswered.
    package var connectionsMax = 8_000
    /// Connections of one address (trusted proxies are exempt); beyond them 503 and close.
    package var connectionsPerAddressMax = 200
    /// From a request's first byte to the end of its head: beyond it 408 and close.
    package var headMilliseconds = 10_000
    /// From the end of the head to the end of the body: beyond it 408 and close.
    package var bodyMilliseconds = 10_000
    /// From a request's first byte to its answer: beyond it 408 while reading, 503 while the responder works, and
    /// close.
    package var requestMilliseconds = 15_000
    /// From the last answer handed to the system until the client has taken all bytes; begun anew while it takes
    /// `takenBytesMin` of a large answer in that time. Beyond it close.
    package var writeMilliseconds = 10_000
    /// 16 KiB: with the default of 10 s, lines of 1.6 kB a second get a large script, and nobody holds one for ever.
    static let takenBytesMin = 16 << 10
    /// Between requests: beyond it close.
    package var idleMilliseconds = 30_000
    /// After a last answer the write side is closed and what still arrives is thrown away, for this long at most, so
    /// that the answer is not lost to a reset.
    package var lingerMilliseconds = 2_000
    /// How long a drain waits for requests in flight before it cuts them off.
    package var drainMilliseconds = 8_000
    /// Answers waiting for a slow reader, per connection; beyond them its requests are not read.
    package var unwrittenBytesMax = 64 << 10
    /// Peers whose X-Forwarded-For and X-Forwarded-Proto are believed.
    package var trustedProxies: [CIDR] = []
    /// Whether answers carry a Date header (RFC 9110 6.6.1); it is made once a second.
    package var sendsDate = true

    package init() {}

    /// The grain of all deadlines: they fire up to one tick late.
    var tickMilliseconds: Int {
        let shortest =
            [
                headMilliseconds, bodyMilliseconds, requestMilliseconds, writeMilliseconds, idleMilliseconds,
                lingerMilliseconds,
            ].min() ?? 1_000
        return min(max(shortest / 4, 5), 250)
    }
}

/// The deadlines in ticks of the wheel, rounded up and one tick more, since a deadline begins somewhere inside a tick.
package struct DeadlineTicks: Sendable {
    package var head: UInt64
    package var body: UInt64
    package var request: UInt64
    package var write: UInt64
    package var idle: UInt64
    package var linger: UInt64

    /// From the settings' milliseconds.
    package init(_ configuration: ServingConfiguration) {
        let grain = configuration.tickMilliseconds
        func ticks(_ milliseconds: Int) -> UInt64 {
            let whole = max(milliseconds, 1)
            return UInt64(whole / grain + (whole % grain == 0 ? 0 : 1) + 1)
        }
        head = ticks(configuration.headMilliseconds)
        body = ticks(configuration.bodyMilliseconds)
        request = ticks(configuration.requestMilliseconds)
        write = ticks(configuration.writeMilliseconds)
        idle = ticks(configuration.idleMilliseconds)
        linger = ticks(configuration.lingerMilliseconds)
    }
}
