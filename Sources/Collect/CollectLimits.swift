/// How much of an event and of a request is taken. Bytes are counted after decoding, but for `eventBytesMax`.
package struct CollectLimits: Sendable {
    /// Events in one body; one more and the whole body is refused. The default is 500.
    package var eventsMax = 500
    /// Bytes of one event as sent. The default is 32 KiB.
    package var eventBytesMax = 32 * 1024
    /// Longer names are refused. The default is 120.
    package var nameBytesMax = 120
    /// Event, anonymous, user and item ids: longer ones are refused, because a cut id is another id. The default is
    /// 200.
    package var idBytesMax = 200
    /// Longer URLs and referrers are cut, after minimisation. The default is 2,000.
    package var urlBytesMax = 2_000
    /// Longer titles and item names are cut. The default is 500.
    package var titleBytesMax = 500
    /// More are refused. The default is 64.
    package var propertiesMax = 64
    /// Longer keys (dots of flattened objects included) are refused. The default is 300.
    package var propertyKeyBytesMax = 300
    /// Longer values are refused. The default is 2,000.
    package var propertyValueBytesMax = 2_000
    /// Objects inside `properties` are flattened this many levels deep; the default is 3.
    package var propertyLevelsMax = 3
    /// More are refused. The default is 100.
    package var itemsMax = 100
    /// Open arrays and objects in a body. The default is 32.
    package var depthMax = 32
    /// Member names in a whole body. The default is 100,000.
    package var keysMax = 100_000

    package init() {}
}
