// swift-tools-version: 6.2
//
// Highland: one program from a web event's request to an analyst's report. Targets stand in the order of the river:
//
//   request ──> Collect ──> Journal ──> Visits ──> Columns ──> Reports
//               (edge)     (durable)   (projector's thread)    (when asked)
//
//   Events, Threads < RequestParsing, Catalog, Journal < Serving, Collect, Tagging, Columns, Projector < Visits
//          < Reports < Adapters, Admin < ServerCore < Server
//
// A target imports only what stands left of it; TidyTests holds the sources to that. Only Serving, Admin, Adapters
// and the server may import NIO.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Of the river: the compiler lays out and inlines its code by how often its parts ran when the profile was taken
/// (`make profile`); what has changed since is compiled as if there were none. A build that takes one counts that.
let takesProfile = Context.environment["HIGHLAND_PROFILE"] == "take"
#if compiler(>=6.3)
    let profiling =
        takesProfile
        ? ["-Xfrontend", "-ir-profile-generate"]
        : ["-Xfrontend", "-ir-profile-use=\(Context.packageDirectory)/load-tests/profile/river.profdata"]
#else
    let profiling: [String] = []
#endif
let river = settings + [.unsafeFlags(profiling, .when(platforms: [.linux], configuration: .release))]
let profileRuntime: [LinkerSetting] = takesProfile ? [.unsafeFlags(["-profile-generate"])] : []

/// Of tests that run their code once: it is not worth the optimiser's time. Those that compute keep it.
let quickToCompile = settings + [.unsafeFlags(["-Onone"])]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "highland",
    products: [
        .executable(name: "highland", targets: ["Server"]),
        .executable(name: "highland-audit", targets: ["AuditClient"]),
        .executable(name: "highland-openloop", targets: ["OpenLoop"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // C libraries of the system
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CDeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CMaxMindDB", providers: [.apt(["libmaxminddb-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CChecksum"),
        .systemLibrary(name: "COctets"),
        .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),

        // the river
        .target(name: "Events", dependencies: ["CChecksum"], swiftSettings: river),
        .target(name: "Threads", dependencies: ["CLinux"], swiftSettings: river),
        .target(name: "RequestParsing", dependencies: ["Events", "COctets"], swiftSettings: river),
        .target(name: "Catalog", dependencies: ["Events", crypto], swiftSettings: river),
        .target(
            name: "Journal", dependencies: ["Events", "Threads", "CLinux", "CZlib", "COctets"], swiftSettings: river),
        .target(
            name: "Serving",
            dependencies: [
                "Events", "Threads", "RequestParsing", "CZlib", "CLinux", "COctets", nioCore, nioPosix, nioHTTP1,
            ],
            swiftSettings: river),
        .target(
            name: "Collect",
            dependencies: ["Events", "RequestParsing", "Catalog", "Journal", "CMaxMindDB", "COctets", crypto],
            swiftSettings: river),
        .target(
            name: "Tagging", dependencies: ["Events", "RequestParsing", "Catalog", crypto, "CDeflate"],
            swiftSettings: settings),
        .target(
            name: "Columns", dependencies: ["Events"], path: "Sources/Projections/Columns", swiftSettings: river),
        .target(
            name: "Projector", dependencies: ["Events", "Threads", "Journal"], path: "Sources/Projections/Projector",
            swiftSettings: river),
        .target(
            name: "Visits",
            dependencies: ["Events", "Catalog", "Journal", "Columns", "Projector", "CPCRE2", "COctets"],
            path: "Sources/Projections/Visits", swiftSettings: river),
        .target(
            name: "Reports", dependencies: ["Events", "RequestParsing", "Columns"], path: "Sources/Query/Reports",
            swiftSettings: river
        ),
        .target(name: "Adapters", dependencies: ["Events", "Catalog", grdb], swiftSettings: settings),
        .target(
            name: "Admin",
            dependencies: [
                "Events", "RequestParsing", "Catalog", "Tagging", "Reports", hummingbird, hummingbirdCore,
                serviceLifecycle,
                httpTypes, mustache, logging, nioCore,
            ],
            swiftSettings: settings),
        .target(
            name: "ServerCore",
            dependencies: [
                "Events", "Threads", "RequestParsing", "Serving", "Catalog", "Collect", "Journal", "Columns",
                "Projector",
                "Visits",
                "Reports", "Tagging", "Adapters", "Admin", "CZlib", crypto, nioCore, argumentParser, logging, yams,
            ],
            path: "Sources/Server/Core", swiftSettings: river),
        .executableTarget(
            name: "Server", dependencies: ["ServerCore", "Threads"], path: "Sources/Server/Main",
            swiftSettings: settings,
            linkerSettings: profileRuntime),

        // programs that load and audit it from outside
        .target(name: "LoadSupport", path: "load-tests/support", swiftSettings: settings),
        .executableTarget(
            name: "AuditClient", dependencies: ["Events", "LoadSupport", argumentParser], path: "load-tests/audit",
            swiftSettings: settings),
        .executableTarget(
            name: "OpenLoop", dependencies: ["LoadSupport", argumentParser, histogram], path: "load-tests/open-loop",
            swiftSettings: settings),

        .executableTarget(
            name: "CollectorMicro", dependencies: ["Collect", "Catalog", "Journal", "Events"],
            path: "load-tests/collector-micro",
            exclude: ["measure"], swiftSettings: settings),
        .executableTarget(
            name: "ServingFloor", dependencies: ["Serving"], path: "load-tests/serving-floor",
            exclude: ["run", "pixel.lua"],
            swiftSettings: settings),

        // tests mirror the sources
        .testTarget(name: "EventsTests", dependencies: ["Events"], swiftSettings: settings),
        .testTarget(
            name: "RequestParsingTests", dependencies: ["RequestParsing", "Events", nioCore, nioHTTP1, nioEmbedded],
            swiftSettings: settings),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "Events"], swiftSettings: quickToCompile),
        .testTarget(name: "JournalTests", dependencies: ["Journal", "Events", "Threads"], swiftSettings: settings),
        .testTarget(
            name: "ServingTests",
            dependencies: ["Serving", "RequestParsing", "Events", "CZlib", nioCore, nioPosix, nioEmbedded],
            swiftSettings: settings),
        .testTarget(
            name: "CollectTests", dependencies: ["Collect", "RequestParsing", "Catalog", "Journal", "Events"],
            swiftSettings: quickToCompile),
        .target(
            name: "ColumnsModel", dependencies: ["Events", "Columns"], path: "Tests/ColumnsModel",
            swiftSettings: settings),
        .testTarget(
            name: "ColumnsTests", dependencies: ["Events", "Columns", "ColumnsModel"], swiftSettings: settings),
        .testTarget(
            name: "TaggingTests",
            dependencies: ["Tagging", "Adapters", "RequestParsing", "Catalog", "Events", "CZlib"],
            swiftSettings: quickToCompile),
        .testTarget(
            name: "ProjectorTests", dependencies: ["Projector", "Journal", "Events"], swiftSettings: quickToCompile),
        .testTarget(
            name: "VisitsTests", dependencies: ["Visits", "Projector", "Columns", "Journal", "Catalog", "Events"],
            swiftSettings: settings),
        .testTarget(
            name: "ReportsTests", dependencies: ["Events", "RequestParsing", "Columns", "Reports", "ColumnsModel"],
            swiftSettings: settings),
        .testTarget(
            name: "AdaptersTests", dependencies: ["Adapters", "Catalog", "Events", grdb], swiftSettings: quickToCompile),
        .testTarget(
            name: "AdminTests",
            dependencies: [
                "Admin", "Adapters", "Tagging", "Events", "RequestParsing", "Catalog", "Reports", "LoadSupport",
                hummingbird, httpTypes, nioCore, nioEmbedded, logging,
            ], swiftSettings: quickToCompile),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "ServerCore", "Admin", "Tagging", "Collect", "Journal", "Adapters", "Catalog", "RequestParsing",
                "Events",
            ],
            swiftSettings: quickToCompile),
        .testTarget(
            name: "FlowTests",
            dependencies: ["ServerCore", "LoadSupport", "Tagging", "Adapters", "Journal", "Catalog", "Events"],
            swiftSettings: quickToCompile),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ]
)
