import CrateValues

/// Finds what soft links lead to.
struct HDF5Paths {
    private let file: HDF5File
    private var groups: [Int: [String: HDF5Link.Target]] = [:]
    /// Steps of one path, those of the links that it leads through among them.
    private static let mostSteps = 256

    init(_ file: HDF5File) { self.file = file }

    /// The object that `path` leads to, from the last of `ancestors` or, with a slash in front, from the first; `nil` when it leads nowhere.
    mutating func resolve(_ path: String, from ancestors: [Int]) throws(FormatError) -> Int? {
        guard let root = ancestors.first, var current = path.isAbsolutePath ? root : ancestors.last else { return nil }
        var rest = Array(path.pathParts().reversed())
        var steps = 0
        while let name = rest.popLast() {
            steps += 1
            guard steps <= HDF5Paths.mostSteps else { return nil }
            if name == "." { continue }
            switch try links(of: current)[String(name)] {
            case .object(let address): current = address
            case .path(let next):
                if next.isAbsolutePath { current = root }
                rest.append(contentsOf: next.pathParts().reversed())
                guard rest.count <= HDF5Paths.mostSteps else { return nil }
            default: return nil
            }
        }
        return current
    }

    private mutating func links(of address: Int) throws(FormatError) -> [String: HDF5Link.Target] {
        if let known = groups[address] { return known }
        let group = try HDF5Group(file, try HDF5ObjectHeader(file, at: address))
        let links = Dictionary(group?.links.map { ($0.name, $0.target) } ?? []) { first, _ in first }
        groups[address] = links
        return links
    }
}
