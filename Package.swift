// swift-tools-version: 6.1
import PackageDescription

// C libraries are linked statically (`:libz.a` names the archive) so that the binary starts quickly and
// runs where the -dev packages are not installed. libsndfile, libsoxr, libtiff, libwebp and cairo are opened when
// first used.
let package = Package(
    name: "OpenCrate",
    products: [
        .library(name: "OpenCrate", targets: ["OpenCrate"]),
        .executable(name: "crate", targets: ["crate"]),
    ],
    targets: [
        // MARK: C borders: one module per library, one Swift importer each
        .target(name: "CZlib", path: "Sources/C/CZlib", linkerSettings: [.linkedLibrary(":libz.a")]),
        .target(name: "CBZip2", path: "Sources/C/CBZip2", linkerSettings: [.linkedLibrary(":libbz2.a")]),
        .target(name: "CLZMA", path: "Sources/C/CLZMA", linkerSettings: [.linkedLibrary(":liblzma.a")]),
        .target(name: "CLZ4", path: "Sources/C/CLZ4", linkerSettings: [.linkedLibrary(":liblz4.a")]),
        .target(name: "CPNG", path: "Sources/C/CPNG", linkerSettings: [.linkedLibrary(":libpng16.a"), .linkedLibrary(":libz.a"), .linkedLibrary("m")]),
        .target(name: "CJPEG", path: "Sources/C/CJPEG", linkerSettings: [.linkedLibrary(":libjpeg.a")]),
        .target(name: "CYAML", path: "Sources/C/CYAML", linkerSettings: [.linkedLibrary(":libyaml.a")]),
        .target(name: "CSndFile", path: "Sources/C/CSndFile"),
        .target(name: "CCairo", path: "Sources/C/CCairo"),
        .target(name: "CTIFF", path: "Sources/C/CTIFF"),
        .target(name: "CWebP", path: "Sources/C/CWebP"),
        .target(name: "CSoxr", path: "Sources/C/CSoxr"),
        .target(
            name: "CEdit", path: "Sources/C/CEdit",
            linkerSettings: [.linkedLibrary(":libedit.a"), .linkedLibrary(":libbsd.a"), .linkedLibrary(":libmd.a"), .linkedLibrary(":libtinfo.a")]),
        .target(name: "CGMP", path: "Sources/C/CGMP", linkerSettings: [.linkedLibrary(":libgmp.a")]),
        .target(name: "CProcess", path: "Sources/C/CProcess"),
        .target(name: "CDigest", path: "Sources/C/CDigest", linkerSettings: [.linkedLibrary(":libcrypto.a")]),

        // MARK: the rooms, lowest first
        .target(name: "CrateValues", dependencies: ["CGMP", "CDigest"]),
        .target(name: "CrateFormats", dependencies: ["CrateValues", "CZlib", "CBZip2", "CLZMA", "CLZ4", "CPNG", "CJPEG", "CYAML", "CSndFile", "CCairo", "CTIFF", "CWebP", "CSoxr"]),
        .target(name: "OpenCrate", dependencies: ["CrateFormats", "CrateValues"]),
        .target(name: "CrateLanguage", dependencies: ["CrateValues"]),
        .target(name: "CrateCommands", dependencies: ["CrateLanguage", "OpenCrate"]),
        .target(name: "LineEditor", dependencies: ["CEdit"]),
        .target(name: "CrateShell", dependencies: ["CrateCommands", "LineEditor", "CProcess"]),
        .executableTarget(name: "crate", dependencies: ["CrateShell"]),

        .testTarget(name: "CrateValuesTests", dependencies: ["CrateValues"]),
        .testTarget(name: "CrateFormatsTests", dependencies: ["CrateFormats"]),
        .testTarget(name: "OpenCrateTests", dependencies: ["OpenCrate"]),
        .testTarget(name: "CrateLanguageTests", dependencies: ["CrateLanguage"], exclude: ["Fixtures"]),
        .testTarget(name: "CrateCommandsTests", dependencies: ["CrateCommands"]),
        .testTarget(name: "EndToEndTests", dependencies: ["CrateShell"]),
        .target(name: "FuzzTargets", dependencies: ["CrateCommands"], path: "Tests/Fuzzing/Targets"),
        .testTarget(name: "CrashTests", dependencies: ["FuzzTargets"]),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer is there only in a build that asks for it: see scripts/fuzz.
if Context.environment["CRATE_FUZZING"] != nil {
    package.targets += [
        .target(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        .executableTarget(name: "fuzz", dependencies: ["FuzzTargets", "CFuzzer"], path: "Tests/Fuzzing/Main"),
    ]
}
