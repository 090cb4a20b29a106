import Domain
import GRDB
import Storage

/// The tables of the log and how an older database becomes a newer one.
///
/// A migration that has been released is never changed: the next one follows it.
enum Schema {
    /// Marks the file as ours ("CSGN" in ASCII, see https://www.sqlite.org/pragma.html#pragma_application_id).
    static let applicationID = 0x4353_474E

    /// Brings the database to this version.
    ///
    /// - Parameter newEpoch: The name of the log if there is none yet.
    static func migrate(_ pool: DatabasePool, newEpoch: Epoch) throws {
        let migrator = migrator(newEpoch: newEpoch)
        try pool.read { db in try refuseForeign(db, migrator) }
        try migrator.migrate(pool)
    }

    /// - Throws: unless the database is one of ours, of this version.
    static func requireCurrent(_ db: Database) throws {
        let migrator = migrator(newEpoch: Epoch(""))
        try refuseForeign(db, migrator)
        guard try migrator.hasCompletedMigrations(db) else {
            throw StoreError(
                .corrupted,
                "An older version of Countersign wrote this database, and it has not been opened by this one. Start the desk on"
                    + " it, or on a copy of it, once."
            )
        }
    }

    private static func refuseForeign(_ db: Database, _ migrator: DatabaseMigrator) throws {
        let mark = try Int.fetchOne(db, sql: "PRAGMA application_id")
        let isNew = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard mark == applicationID || isNew else {
            throw StoreError(.corrupted, "This is a database of another program. Give Countersign a file of its own.")
        }
        guard try !migrator.hasBeenSuperseded(db) else {
            throw StoreError(
                .tooNew,
                "A newer version of Countersign wrote this database, and this one cannot read it. "
                    + "Start that version, or restore a backup from before the upgrade."
            )
        }
    }

    private static func migrator(newEpoch: Epoch) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1 log") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: log)
            try db.execute(sql: "INSERT INTO meta (name, value) VALUES ('epoch', ?)", arguments: [newEpoch.text])
        }
        migrator.registerMigration("v2 versions are in the log") { db in
            try db.execute(sql: "DROP TABLE signal_version")
        }
        migrator.registerMigration("v3 the log may be trimmed") { db in
            try db.execute(sql: checkpoint)
            try db.execute(
                sql: "INSERT INTO meta (name, value) SELECT 'oldest_offset', coalesce(min(offset), 1) FROM event"
            )
        }
        migrator.registerMigration("v4 who has read what") { db in try db.execute(sql: reader) }
        migrator.registerMigration("v5 the log is a hash chain") { db in
            try db.execute(sql: chain)
            try ChainMigration(db: db).run()
        }
        migrator.registerMigration("v6 webhooks") { db in try db.execute(sql: webhooks) }
        migrator.registerMigration("v7 paper trades") { db in try db.execute(sql: paperTrade) }
        return migrator
    }

    /// `recorded_at` counts milliseconds since 1970. `payload` is JSON as text, so that any SQLite tool can read the
    /// history. The unique index lets the database itself refuse a second decision on one version of a signal, and tells
    /// the newest version of each: a table of those, as in v1, cost a third of every append.
    private static let log = """
        CREATE TABLE meta (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        );
        CREATE TABLE event (
            offset INTEGER PRIMARY KEY,
            recorded_at INTEGER NOT NULL,
            type TEXT NOT NULL,
            signal_id TEXT,
            version INTEGER,
            payload TEXT NOT NULL
        );
        CREATE UNIQUE INDEX event_by_signal ON event (signal_id, version) WHERE signal_id IS NOT NULL;
        CREATE TABLE signal_version (
            signal_id TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE receipt (
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            first_offset INTEGER,
            last_offset INTEGER,
            recorded_at INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        );
        CREATE INDEX receipt_by_age ON receipt (recorded_at);
        """

    /// `meta` says from where on the log has no hole, as `oldest_offset`. What lies before it are the events kept for ever.
    private static let checkpoint = """
        CREATE TABLE checkpoint (
            offset INTEGER PRIMARY KEY,
            version INTEGER NOT NULL,
            checksum TEXT NOT NULL,
            body TEXT NOT NULL
        );
        """

    /// Times are milliseconds since 1970. `acknowledged` is an offset, and those of another epoch's log say nothing here.
    private static let reader = """
        CREATE TABLE reader (
            user TEXT NOT NULL PRIMARY KEY,
            epoch TEXT NOT NULL,
            known_since INTEGER NOT NULL,
            acknowledged INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// `body` is JSON: how far the trade has come (``PaperTrade``). Those of another epoch's log say nothing here. `meta` says
    /// until when prices were watched for them, as `paper_watched_until`.
    private static let paperTrade = """
        CREATE TABLE paper_trade (
            signal_id TEXT NOT NULL PRIMARY KEY,
            epoch TEXT NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID;
        """

    /// `user` is who brought the event about (``Event/user``). `hash` is of the canonical form of ``EntryContent``;
    /// `previous_hash` is that of the entry before it where that one has been let go, else NULL. `meta` says where the
    /// chain ends, as `head` (``LogHead/text``).
    private static let chain = """
        ALTER TABLE event ADD COLUMN user TEXT;
        ALTER TABLE event ADD COLUMN hash BLOB;
        ALTER TABLE event ADD COLUMN previous_hash BLOB;
        CREATE INDEX event_by_user ON event (user) WHERE user IS NOT NULL;
        CREATE INDEX event_by_time ON event (recorded_at);
        """

    /// `position` is how far an endpoint has been given the log, `offset` the event that it could not be given; those of
    /// another epoch's log say nothing here. No id is used twice, for people hold on to them.
    private static let webhooks = """
        CREATE TABLE webhook_endpoint (
            name TEXT NOT NULL PRIMARY KEY,
            epoch TEXT NOT NULL,
            position INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE dead_letter (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            endpoint TEXT NOT NULL,
            epoch TEXT NOT NULL,
            offset INTEGER NOT NULL,
            event_id TEXT NOT NULL,
            type TEXT NOT NULL,
            signal_id TEXT,
            attempts INTEGER NOT NULL,
            failed_at INTEGER NOT NULL,
            failure TEXT NOT NULL,
            queued INTEGER NOT NULL,
            UNIQUE (endpoint, epoch, offset)
        );
        CREATE INDEX dead_letter_queued ON dead_letter (endpoint, epoch, offset) WHERE queued = 1;
        """
}
