namespace Tarn.Catalog.Hive.Protocol;

/// <summary>Exceptions that the definition of the metastore declares; each has one field, the message (1).</summary>
internal enum HiveExceptionKind
{
    /// <summary><c>MetaException</c>: everything that has no other name.</summary>
    Meta,

    /// <summary><c>AlreadyExistsException</c>.</summary>
    AlreadyExists,

    /// <summary><c>ConfigValSecurityException</c>.</summary>
    ConfigValSecurity,

    /// <summary><c>InvalidObjectException</c>.</summary>
    InvalidObject,

    /// <summary><c>InvalidOperationException</c>.</summary>
    InvalidOperation,

    /// <summary><c>InvalidInputException</c>.</summary>
    InvalidInput,

    /// <summary><c>NoSuchLockException</c>.</summary>
    NoSuchLock,

    /// <summary><c>NoSuchObjectException</c>.</summary>
    NoSuchObject,

    /// <summary><c>NoSuchTxnException</c>.</summary>
    NoSuchTransaction,

    /// <summary><c>TxnAbortedException</c>.</summary>
    TransactionAborted,

    /// <summary><c>TxnOpenException</c>.</summary>
    TransactionOpen,

    /// <summary><c>UnknownDBException</c>.</summary>
    UnknownDatabase,

    /// <summary><c>UnknownTableException</c>.</summary>
    UnknownTable,
}

/// <summary>A call fails with one of the exceptions of its definition.</summary>
internal sealed class HiveFault(HiveExceptionKind kind, string message) : Exception(message)
{
    /// <summary>Which.</summary>
    public HiveExceptionKind Kind => kind;

    /// <summary>A table that is not there, in the words that clients know.</summary>
    public static HiveFault NoTable(string database, string table, HiveExceptionKind kind = HiveExceptionKind.NoSuchObject) =>
        new(kind, $"{HiveNames.Catalog}.{database}.{table} table not found");

    /// <summary>A database that is not there: its bare name, as version 3 says it.</summary>
    public static HiveFault NoDatabase(string database, HiveExceptionKind kind = HiveExceptionKind.NoSuchObject) => new(kind, database);

    /// <summary>
    /// A commit on a state that is gone. Clients look for this wording: only with it they know that nothing was applied.
    /// </summary>
    public static HiveFault Modified(string key, string? stored, string? expected) =>
        new(HiveExceptionKind.Meta, $"The table has been modified. The parameter value for key '{key}' is '{stored}'. The expected was value was '{expected}'");
}
