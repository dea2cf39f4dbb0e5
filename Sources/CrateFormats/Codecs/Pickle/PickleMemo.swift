/// What a pickle remembers by number. Picklers count from 0, so an array serves; any other index goes to a dictionary,
/// since a file may name index 2^32 - 1.
struct PickleMemo {
    private var dense: [PickleGraph.Item] = []
    private var sparse: [Int: PickleGraph.Item] = [:]

    var count: Int { dense.count + sparse.count }

    subscript(index: Int) -> PickleGraph.Item? {
        get { dense.indices.contains(index) ? dense[index] : sparse[index] }
        set {
            guard let newValue else { return }
            if dense.indices.contains(index) {
                dense[index] = newValue
            } else if index == dense.count, sparse.isEmpty {
                dense.append(newValue)
            } else {
                sparse[index] = newValue
            }
        }
    }
}
