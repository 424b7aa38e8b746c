using Tarn.Catalog.Hive.Protocol;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>A call of the client with the exceptions that the metastore's definition declares for it, in the order of their ids.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Throws">The exceptions; the first has id 1.</param>
internal sealed record HiveRequest(string Method, params IReadOnlyList<HiveExceptionKind> Throws)
{
    public static HiveRequest GetAllDatabases { get; } = new("get_all_databases", Meta);

    public static HiveRequest GetDatabase { get; } = new("get_database", NoSuchObject, Meta);

    public static HiveRequest CreateDatabase { get; } = new("create_database", AlreadyExists, InvalidObject, Meta);

    public static HiveRequest AlterDatabase { get; } = new("alter_database", Meta, NoSuchObject);

    public static HiveRequest DropDatabase { get; } = new("drop_database", NoSuchObject, InvalidOperation, Meta);

    public static HiveRequest GetAllTables { get; } = new("get_all_tables", Meta);

    public static HiveRequest GetTables { get; } = new("get_table_objects_by_name_req", Meta, InvalidOperation, UnknownDatabase);

    public static HiveRequest GetTable { get; } = new("get_table_req", Meta, NoSuchObject);

    public static HiveRequest GetTableOfOldVersions { get; } = new("get_table", Meta, NoSuchObject);

    public static HiveRequest GetPartitions { get; } = new("get_partitions", NoSuchObject, Meta);

    public static HiveRequest CreateTable { get; } = new("create_table_with_environment_context", AlreadyExists, InvalidObject, Meta, NoSuchObject);

    public static HiveRequest AlterTable { get; } = new("alter_table_with_environment_context", InvalidOperation, Meta);

    public static HiveRequest DropTable { get; } = new("drop_table_with_environment_context", NoSuchObject, Meta);

    public static HiveRequest Lock { get; } = new("lock", NoSuchTransaction, TransactionAborted);

    public static HiveRequest CheckLock { get; } = new("check_lock", NoSuchTransaction, TransactionAborted, NoSuchLock);

    public static HiveRequest Unlock { get; } = new("unlock", NoSuchLock, TransactionOpen);
}

/// <summary>The answer to a change was lost: nobody knows whether it was made.</summary>
internal sealed class LostAnswerException(string message, Exception cause) : Exception(message, cause);
