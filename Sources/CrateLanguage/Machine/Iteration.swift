// `for`: the state is five registers, the sequence, the position reached, the size at the start (of a dict), and the
// loop's variables.

extension UnsafeMutablePointer<Value> {
    func startIteration(_ sequence: Value) throws(Failure) {
        var size = 0
        var walked = sequence
        switch sequence {
        case .list, .string, .range: break
        case .dict(let dict): size = dict.count
        case .object(let object):
            let source = try object.walked()
            guard let count = source.count else { _ = try object.item(at: 0); throw .cannot("be looped over", object.typeName) }
            size = count
            walked = .object(source)
        default: throw .cannot("be looped over", typeName(of: sequence))
        }
        pointee = walked
        self[1] = .int(0)
        self[2] = .int(size)
    }

    private var position: Int { if case .int(let position) = self[1] { position } else { 0 } }

    private var size: Int { if case .int(let size) = self[2] { size } else { 0 } }

    /// Puts the next item into the first variable; false at the end.
    func nextItem() throws(Failure) -> Bool {
        let position = position
        switch pointee {
        case .list(let list):
            guard position < list.items.count else { return false }
            self[3] = list.items[position]
        case .dict(let dict):
            guard let slot = try nextSlot(dict, position) else { return false }
            self[3] = Value(dict.slot(slot).key)
            (self + 1).put(.int(slot + 1))
            return true
        case .string(let text): return nextCharacter(text, position, into: self + 3)
        default:
            guard let item = try item(at: position) else { return false }
            self[3] = item
        }
        (self + 1).put(.int(position + 1))
        return true
    }

    /// Key and value of a dict, or position and item of anything else; false at the end.
    func nextPair() throws(Failure) -> Bool {
        let position = position
        switch pointee {
        case .dict(let dict):
            guard let slot = try nextSlot(dict, position) else { return false }
            let pair = dict.slot(slot)
            self[3] = Value(pair.key)
            self[4] = pair.value
            (self + 1).put(.int(slot + 1))
            return true
        case .list(let list) where list.holdsPairs:
            guard position < list.items.count else { return false }
            guard case .list(let pair) = list.items[position], pair.items.count == 2 else { throw Failure("type", "the list no longer holds pairs") }
            self[3] = pair.items[0]
            self[4] = pair.items[1]
        case .list(let list):
            guard position < list.items.count else { return false }
            self[3] = .int(position)
            self[4] = list.items[position]
        case .string(let text):
            // The position counts bytes; the number of the Character is in the size's place.
            self[3] = .int(size)
            guard nextCharacter(text, position, into: self + 4) else { return false }
            self[2] = .int(size + 1)
            return true
        default:
            guard let item = try item(at: position) else { return false }
            self[3] = .int(position)
            self[4] = item
        }
        (self + 1).put(.int(position + 1))
        return true
    }

    /// The next pair of a dict that has not gone; `nil` at the end.
    private func nextSlot(_ dict: DictObject, _ position: Int) throws(Failure) -> Int? {
        guard dict.count == size else { throw Failure("value", "the dict changed its size while it was looped over", hint: "loop over `keys(…)`, which is a copy") }
        return dict.nextPosition(from: position)
    }

    private func nextCharacter(_ text: String, _ position: Int, into register: UnsafeMutablePointer<Value>) -> Bool {
        guard position < text.utf8.count else { return false }
        let start = text.utf8.index(text.startIndex, offsetBy: position)
        let character = text[start]
        register.pointee = .string(String(character))
        (self + 1).put(.int(position + character.utf8.count))
        return true
    }

    private func item(at position: Int) throws(Failure) -> Value? {
        switch pointee {
        case .range(let range): return position < range.count ? .int(range.lower + position) : nil
        case .object(let object): return position < size ? try object.nextItem(at: position) : nil
        default: return nil
        }
    }
}
