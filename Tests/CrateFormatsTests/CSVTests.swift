import CrateFormats
import CrateValues
import Testing

@Suite struct CSVTests {
    private func decode(_ text: String, _ options: CSV.ReadOptions = .init(), limits: Limits = .standard) throws(FormatError) -> Table {
        try CSV.decode(Bytes(text: text), options: options, limits: limits)
    }

    private func failure(_ text: String, _ options: CSV.ReadOptions = .init(), limits: Limits = .standard) -> FormatError? {
        do throws(FormatError) {
            _ = try decode(text, options, limits: limits)
            return nil
        } catch { return error }
    }

    private func encode(_ table: Table, _ options: CSV.WriteOptions = .init()) throws -> String {
        let sink = MemorySink()
        try CSV.encode(table, options: options, to: sink)
        return String(decoding: sink.array, as: UTF8.self)
    }

    // MARK: samples

    @Test(arguments: Samples.named("csv/"))
    func sampleRows(_ sample: Sample) throws {
        let rows = try CSV.decodeRows(sample.bytes())
        let expected = try #require(sample.expect?["rows"]?.list).map { ($0.list ?? []).map { $0.string ?? "?" } }
        #expect(rows == expected)
        let sink = MemorySink()
        try CSV.encodeRows(rows, to: sink)
        #expect(try CSV.decodeRows(Bytes(sink.array), delimiter: UInt8(ascii: ",")) == rows)
    }

    @Test(arguments: Samples.named("csv/").filter { $0.name != "csv/ragged.csv" })
    func sampleTable(_ sample: Sample) throws {
        let table = try CSV.decode(sample.bytes())
        let rows = try #require(sample.expect?["rows"]?.list)
        #expect(table.columns.map(\.name) == (rows.first?.list ?? []).compactMap(\.string))
        #expect(table.rowCount == max(0, rows.count - 1))
    }

    @Test func hostile() throws {
        let open = #expect(throws: FormatError.self) { try CSV.decode(Samples.bytes("hostile/csv_unterminated.csv")) }
        #expect(open?.kind == .truncated)
        guard case .line(2, _)? = open?.place else { return #expect(Bool(false), "\(String(describing: open))") }
        let nul = #expect(throws: FormatError.self) { try CSV.decodeRows(Samples.bytes("hostile/csv_nul.csv")) }
        #expect(nul?.kind == .malformed)
        #expect(try CSV.decodeRows(Samples.bytes("hostile/csv_wide.csv")).map(\.count) == [60_001])
        #expect(try CSV.decode(Samples.bytes("hostile/csv_wide.csv")).columns.count == 60_001)
    }

    /// A name that stands between quotes is not torn apart by a rarer delimiter in it, unless nothing else splits the row.
    @Test(arguments: [
        ("\"a\"\"\",\"\tb\"\n1,2\n", ["a\"", "\tb"]), ("a,\"b;c\"\n1,2\n", ["a", "b;c"]), ("\"a;b\",c\n1,2\n", ["a;b", "c"]),
        ("5\" disk;price\n1;2\n", ["5\" disk", "price"]),
    ])
    func theDelimiterIsNotTakenFromInsideOfQuotes(_ text: String, _ names: [String]) throws {
        let table = try decode(text)
        #expect(table.columns.map(\.name) == names)
        #expect(try decode(encode(table)).columns.map(\.name) == names)
    }

    // MARK: rows

    /// A reader looks for the delimiter in the first row, and must not find one inside of a name.
    @Test(arguments: ["a;b", "a|b", "a\tb", "a,b", "\u{FEFF}a"])
    func whatCouldBeADelimiterIsQuotedInTheFirstRow(_ name: String) throws {
        let table = try #require(Table(columns: [.init(name: name, values: .strings(["c;d", "e|f"]))]))
        let text = try encode(table)
        #expect(text == "\"\(name)\"\nc;d\ne|f\n")
        let again = try decode(text)
        #expect(again.columns.map(\.name) == [name] && again.rowCount == 2)
    }

    @Test(
        arguments: [
            ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("a,", [["a", ""]]), (",", [["", ""]]), ("\n", [[]]),
            ("\n\na\n", [[], [], ["a"]]), ("\r\n\r\n", [[], []]),
            ("\"\"", [[""]]), ("\"\"\"\"", [["\""]]), ("\"a\"\"b\",c", [["a\"b", "c"]]), ("\"a\"b,c", [["ab", "c"]]),
            ("a\"b\",c", [["a\"b\"", "c"]]),
            ("\"a\nb\r\nc\",d\r\ne,f", [["a\nb\r\nc", "d"], ["e", "f"]]), ("a\rb\r\rc", [["a"], ["b"], [], ["c"]]),
            ("\"a,b\",\",\"", [["a,b", ","]]), ("", []),
            ("a,b\n\"\"", [["a", "b"], [""]]), ("\"a\" ,b", [["a ", "b"]]),
        ] as [(String, [[String]])])
    func rows(_ text: String, _ expected: [[String]]) throws {
        #expect(try CSV.decodeRows(Bytes(text: text), delimiter: UInt8(ascii: ",")) == expected)
    }

    @Test(arguments: [
        ("a;b\n1,5;2,5\n", UInt8(ascii: ";")), ("a\tb\n1\t2\n", 9), ("a|b\n1|2\n", UInt8(ascii: "|")), ("a,b\nx;y,z\n", UInt8(ascii: ",")),
        ("word\nother\n", UInt8(ascii: ",")),
        ("\"x;y\",b\n\"p;q\",c\n", UInt8(ascii: ",")), ("\"a\nb\";c\n1;2\n", UInt8(ascii: ";")),
    ])
    func findsTheDelimiter(_ text: String, _ delimiter: UInt8) throws {
        #expect(try CSV.decodeRows(Bytes(text: text)) == CSV.decodeRows(Bytes(text: text), delimiter: delimiter))
    }

    @Test func findsTheDelimiterOfALargeFileWithLongCells() throws {
        let cell = "\"" + String(repeating: "line; of text\n", count: 20_000) + "\""
        let rows = try CSV.decodeRows(Bytes(text: "a|b\n1|2\n3|\(cell)\n"))
        #expect(rows.map(\.count) == [2, 2, 2])
    }

    // MARK: types

    private func column(_ cells: String...) throws -> Table.Values {
        try decode("x,y\n" + cells.map { "\($0),\n" }.joined()).columns[0].values
    }

    @Test func integerColumns() throws {
        guard case .integers(let values) = try column("1", "-5", "", "0", "9223372036854775807", "-9223372036854775808", "\"7\"") else {
            return #expect(Bool(false))
        }
        #expect(values == [1, -5, nil, 0, .max, .min, 7])
    }

    @Test func floatColumns() throws {
        guard case .floats(let values) = try column("1.5", "-0.0", "1e-3", "2", "", "NaN", "inf", "-inf", ".5", "1E5", "4.") else {
            return #expect(Bool(false))
        }
        #expect(values.map(\.description) == [1.5, -0.0, 1e-3, 2, .nan, .nan, .infinity, -.infinity, 0.5, 1e5, 4].map(\.description))
    }

    @Test func booleanColumns() throws {
        guard case .booleans(let values) = try column("true", "False", "", "TRUE") else { return #expect(Bool(false)) }
        #expect(values == [true, false, nil, true])
    }

    /// One such cell keeps a whole column text.
    @Test(arguments: [
        "007", "1_000", "9223372036854775808", "+1", "+2.5", "1e400", "0x10", "1,5", " 1", "1 ", "-", "--1", "00", "-01", "1.5.2", "1e",
        "e5", "00.5", "yes", "٣", "infinite", "-0x1",
        "1\u{a0}", "12a",
    ])
    func textColumns(_ cell: String) throws {
        guard case .strings(let values) = try column("1", "\"\(cell)\"", "") else { return #expect(Bool(false), "\(cell)") }
        #expect(values == ["1", cell, nil])
    }

    @Test func integersThatAFloatCannotHoldKeepTheColumnText() throws {
        guard case .strings = try column("1.5", "9007199254740993") else { return #expect(Bool(false)) }
        guard case .floats = try column("1.5", "9007199254740992") else { return #expect(Bool(false)) }
    }

    @Test func emptyAndQuotedEmptyCells() throws {
        let table = try decode("a,b,c\n,\"\",1\nx,y,\"\"\n")
        guard case .strings(let a) = table.columns[0].values, case .strings(let b) = table.columns[1].values,
            case .integers(let c) = table.columns[2].values
        else {
            return #expect(Bool(false))
        }
        #expect(a == [nil, "x"] && b == ["", "y"] && c == [1, nil])
        guard case .strings(let all) = try column("", "") else { return #expect(Bool(false)) }
        #expect(all == [nil, nil])
    }

    @Test func withoutTypesOrHeader() throws {
        let table = try decode("1,2\n3,4\n", .init(hasHeader: false, infersTypes: false))
        #expect(table.columns.map(\.name) == ["column_0", "column_1"])
        guard case .strings(let first) = table.columns[0].values else { return #expect(Bool(false)) }
        #expect(first == ["1", "3"])
    }

    @Test func repeatedNames() throws {
        #expect(try decode("a,a,a.1,,a\n").columns.map(\.name) == ["a", "a.1", "a.1.1", "", "a.2"])
    }

    // MARK: ragged

    @Test func raggedRows() throws {
        let ragged = try Samples.bytes("csv/ragged.csv")
        let long = #expect(throws: FormatError.self) { try CSV.decode(ragged) }
        #expect(long?.place == .line(3, column: 1))
        let padded = try CSV.decode(ragged, options: .init(ragged: .pad))
        #expect(padded.columns.map(\.name) == ["a", "b", "c", "column_3"])
        #expect(padded.rowCount == 3)
        let short = try decode("a,b\n1\n\n2,3\n")
        guard case .integers(let b) = short.columns[1].values else { return #expect(Bool(false)) }
        #expect(b == [nil, 3])
        #expect(failure("a,b\n1,2\n3\n", .init(ragged: .error))?.place == .line(3, column: 1))
    }

    /// A wide header over many short rows must not become billions of cells.
    @Test func paddingIsBounded() {
        let text = String(repeating: ",", count: 20_000) + "\n" + String(repeating: "1\n", count: 20_000)
        #expect(failure(text)?.kind == .limit)
    }

    // MARK: writing

    @Test func writesOnlyNeededQuotes() throws {
        let table = try #require(
            Table(columns: [
                .init(name: "a,b", values: .strings(["x", "say \"hi\"", "two\nlines", "", nil])),
                .init(name: "n", values: .floats([1, 0.1, .nan, .infinity, 1e300])),
                .init(name: "i", values: .integers([1, nil, -3, 4, 5])),
                .init(name: "b", values: .booleans([true, false, nil, true, true])),
            ]))
        let text = "\"a,b\",n,i,b\nx,1.0,1,true\n\"say \"\"hi\"\"\",0.1,,false\n\"two\nlines\",,-3,\n\"\",inf,4,true\n,1e+300,5,true\n"
        #expect(try encode(table) == text)
        #expect(try encode(table, .init(delimiter: UInt8(ascii: ";"), crlf: true)).hasPrefix("a,b;n;i;b\r\nx;1.0;1;true\r\n"))
        #expect(try encode(table, .init(writesHeader: false)).hasPrefix("x,1.0,"))
    }

    @Test func tablesComeBack() throws {
        let table = try #require(
            Table(columns: [
                .init(name: "s", values: .strings(["a", nil, "", "é😀", "\"", "\r\n", "007"])),
                .init(name: "i", values: .integers([1, nil, .max, .min, 0, -1, 7])),
                .init(name: "f", values: .floats([0.1, .nan, 1e300, -0.0, 5e-300, .infinity, 1])),
                .init(name: "b", values: .booleans([true, nil, false, true, true, true, true])),
            ]))
        let again = try decode(encode(table))
        #expect(try encode(again) == encode(table))
        for (a, b) in zip(table.columns, again.columns) { #expect("\(a)" == "\(b)") }
    }

    @Test func oneColumnKeepsMissingCells() throws {
        let table = try #require(Table(columns: [.init(name: "x", values: .integers([1, nil, 3]))]))
        let text = try encode(table)
        #expect(text == "x\n1\n\"\"\n3\n")
        guard case .integers(let cells) = try decode(text).columns[0].values else { return #expect(Bool(false)) }
        #expect(cells == [1, nil, 3])
    }

    @Test func cellsThatCannotBeWritten() throws {
        let table = try #require(Table(columns: [.init(name: "x", values: .mixed([.integer(1), .list([])]))]))
        let error = #expect(throws: FormatError.self) { try encode(table) }
        #expect(error?.kind == .unrepresentable && error?.place == .member("x[1]"))
    }

    // MARK: tables of other data

    @Test func tablesOfDocuments() throws {
        let columns = try CSV.table(
            of: .object([
                ("a", .list([.integer(1), .null])), ("b", .list([.float(1), .integer(2)])), ("c", .list([.string("x"), .integer(2)])),
            ]))
        #expect(try encode(columns) == "a,b,c\n1,1.0,x\n,2.0,2\n")
        let records = try CSV.table(of: .list([.object([("x", .integer(1)), ("y", .string("a"))]), .object([("y", .string("b"))])]))
        #expect(try encode(records) == "x,y\n1,a\n,b\n")
        let later = try CSV.table(of: .list([.object([("x", .integer(1))]), .object([("x", .integer(2)), ("val", .float(0.5))])]))
        #expect(try encode(later) == "x,val\n1,\n2,0.5\n")
        let rows = try CSV.table(of: .list([.list([.integer(1), .bool(true)]), .tuple([.integer(2), .bool(false)])]))
        #expect(try encode(rows) == "column_0,column_1\n1,true\n2,false\n")
        let numbers: [Double] = [1, 2, 3, 4]
        let tensor = try #require(Tensor(dtype: .float64, shape: [2, 2], bytes: Bytes(numbers.withUnsafeBytes { Array($0) })))
        #expect(try encode(CSV.table(of: .tensor(tensor))) == "column_0,column_1\n1.0,2.0\n3.0,4.0\n")
    }

    @Test(arguments: [
        Document.integer(1), .string("x"), .object([("a", .list([])), ("b", .list([.null]))]), .object([("a", .integer(1))]),
        .list([.list([.null]), .list([])]),
        .list([.integer(1)]), .list([.object([]), .integer(1)]), .mapping(.init([(.list([]), .list([]))])),
    ])
    func notTables(_ document: Document) {
        let error = #expect(throws: FormatError.self) { try CSV.table(of: document) }
        #expect(error?.kind == .unrepresentable)
    }
}
