internal import CSndFile

/// The texts that libsndfile reads from a file's header, by its names in lower case.
enum AudioTags {
    static var all: [(name: String, code: Int32)] {
        [
            ("title", Int32(SF_STR_TITLE)), ("artist", Int32(SF_STR_ARTIST)), ("album", Int32(SF_STR_ALBUM)),
            ("tracknumber", Int32(SF_STR_TRACKNUMBER)), ("genre", Int32(SF_STR_GENRE)), ("date", Int32(SF_STR_DATE)),
            ("comment", Int32(SF_STR_COMMENT)), ("copyright", Int32(SF_STR_COPYRIGHT)), ("license", Int32(SF_STR_LICENSE)),
            ("software", Int32(SF_STR_SOFTWARE)),
        ]
    }

    /// Those that are written again: to `software` libsndfile would add its own name each time.
    static var written: [(name: String, code: Int32)] { all.filter { $0.name != "software" } }
}
