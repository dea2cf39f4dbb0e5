extension Interpreter {
    /// Finds where to go on after a failure in the innermost frame, ending frames down to `entry` on the way. Raises
    /// the failure when nothing there wants it; the frame `entry` has ended then too.
    func recover(_ thrown: Failure, entry: Int) throws(Failure) {
        var failure = thrown
        if failure.kind == "interrupted" { noteInterrupted() }
        if failure.location == nil { failure.location = here }
        if failure.stack.isEmpty { failure.stack = stack(of: failure) }
        while depth >= entry {
            if rescue(failure) { return }
            frames[depth].clear()
            depth -= 1
        }
        throw failure
    }

    /// The calls under way; the innermost is where the failure says it happened.
    private func stack(of failure: Failure) -> [Failure.Frame] {
        var frames = stack
        if let location = failure.location, let first = frames.first { frames[0] = Failure.Frame(function: first.function, location: location) }
        return frames
    }

    /// Whether the innermost frame goes on from the failure; then its next instruction is set.
    private func rescue(_ failure: Failure) -> Bool {
        let frame = frames[depth]
        let index = frame.index
        for rescuer in frame.code.takeUnretainedValue().rescuers where rescuer.range.contains(index) {
            let register = frame.base + rescuer.register
            switch rescuer.kind {
            case .catches:
                if !failure.isCatchable { continue }
                let object = CaughtFailure(failure)
                register.pointee = .object(object)
                (register + 1).pointee = caught.map { .object($0) } ?? .null
                caught = object
            case .cleansUp:
                if failure.skipsCleanup { continue }
                register.pointee = .int(CleanupExit.Action.raise.rawValue)
                (register + 1).pointee = .object(CaughtFailure(failure))
            case .restores:
                leaveCatch(register)
                continue
            }
            frames[depth].next = frame.header.pointee.instructions + rescuer.target
            return true
        }
        return false
    }

    /// Leaving a `catch` block, whose failure is in `register`: the one before is current again.
    func leaveCatch(_ register: UnsafeMutablePointer<Value>) {
        if case .object(let object) = (register + 1).pointee { caught = object as? CaughtFailure } else { caught = nil }
    }

    /// After a `finally`: the failure under way before it.
    func raisedAgain(_ register: UnsafeMutablePointer<Value>) -> Failure {
        if case .object(let object) = register.pointee, let caught = object as? CaughtFailure { return caught.failure }
        return Failure("raised", "unknown failure")
    }
}
