// Values where only some types will do: done with them what the machine does.

extension CallCheck {
    mutating func check(_ use: SurveyedUse) {
        guard let value = survey.value(of: use.value) else { return }
        do throws(Failure) { try attempt(use.use, value) } catch { report(error, use.span, isTried: use.isTried) }
    }

    private func attempt(_ use: SurveyedUse.Use, _ value: StaticValue) throws(Failure) {
        switch use {
        case .condition: _ = try value.value?.condition()
        case .negation: _ = try value.value?.negated()
        case .sequence: if !value.mayHaveItems { throw .cannot("be looped over", value.typeName) }
        case .element(let index):
            if !value.mayHaveItems { throw .cannot("be indexed", value.typeName) }
            try attempt(index, in: value)
        }
    }

    /// An empty list stands for any, so that its size tells nothing; nor does a dict's want of a key.
    private func attempt(_ index: IndexSyntax, in container: StaticValue) throws(Failure) {
        switch index {
        case .at(let index):
            guard let container = container.value, let index = survey.value(of: index)?.value else { return }
            do throws(Failure) { _ = try container.element(index) } catch { if error.kind == "type" { throw error } }
        case .slice(let start, let stop, let step):
            if case .dict? = container.value { throw .cannot("be sliced", container.typeName) }
            // A bound that is not known is as good as none.
            let bounds = [start, stop, step].map { bound in bound.flatMap { survey.value(of: $0)?.value } }
            _ = try SliceBounds(bounds[0], bounds[1], bounds[2])
        }
    }
}

extension StaticValue {
    /// One of that type, or the value itself; `nil` for types of the host.
    fileprivate var value: Value? {
        switch self {
        case .exactly(let value), .like(let value): value
        case .object, .function: nil
        }
    }

    fileprivate var mayHaveItems: Bool {
        if case .object = self { return true }
        return ["string", "list", "dict", "range"].contains(typeName)
    }
}
