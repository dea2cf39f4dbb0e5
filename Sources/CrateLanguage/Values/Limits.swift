/// How large one value may grow, so that a loop that runs away ends with an error while there is still memory to say so.
enum Limits {
    /// Bytes of a text: 1 GB.
    static let textBytes = 1 << 30
    /// Items of a list, 16 bytes each: 2 GB.
    static let listItems = 1 << 27
    /// Items of the lists and dicts inside a value that one comparison or one text looks at. A list that holds another
    /// twice, forty times over, takes a few kilobytes and has a million million items. Those of the outermost list don't
    /// count: they are as many as memory holds.
    static let nestedItems = 10_000_000
    /// Parameters of a function and named arguments of a call, which are told apart by comparing each with each.
    static let names = 255

    /// Raises `limit` when a text of `bytes` can't take `more`.
    @inline(__always)
    static func checkText(_ bytes: Int, adding more: Int = 0) throws(Failure) {
        if bytes > textBytes - more { throw Failure("limit", "the text would be longer than 1 GB, the most that a text can hold") }
    }

    /// Raises `limit` when a list of `count` items can't take `more`.
    @inline(__always)
    static func checkList(_ count: Int, adding more: Int = 0) throws(Failure) {
        if count > listItems - more {
            throw Failure("limit", "the list would have more than \(listItems) items, the most that a list can hold", hint: "arrays hold many numbers in less room")
        }
    }
}

extension ListObject {
    @inline(__always)
    func append(_ item: Value) throws(Failure) {
        try Limits.checkList(items.count, adding: 1)
        items.append(item)
    }

    func append(contentsOf others: [Value]) throws(Failure) {
        try Limits.checkList(items.count, adding: others.count)
        items.append(contentsOf: others)
    }
}
