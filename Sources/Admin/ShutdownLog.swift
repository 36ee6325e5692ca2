internal import Logging

/// What the HTTP server writes as errors about connections that are cut off at a drain's deadline, which is what the
/// deadline is for: they are of interest to whoever debugs a stop. Everything else passes as it is.
struct ShutdownLog: LogHandler {
    private var inner: any LogHandler

    /// The same log, with these lines as debug lines.
    static func around(_ log: Logger) -> Logger {
        var log = log
        log.handler = ShutdownLog(inner: log.handler)
        return log
    }

    var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }
    var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue }
    }
    var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set { inner.metadataProvider = newValue }
    }
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        if ShutdownLog.isOfCutOff("\(event.message)") { event.level = .debug }
        if event.level >= inner.logLevel { inner.log(event: event) }
    }

    private static func isOfCutOff(_ message: String) -> Bool {
        message == "Waiting on child channel: CancellationError()" || message == "Server shutdown error: Already closed"
    }
}
