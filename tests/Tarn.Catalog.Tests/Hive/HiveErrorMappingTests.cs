using Tarn.Access.Identities;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Locks;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Tests.Hive;

public sealed class HiveErrorMappingTests
{
    [Fact]
    public void KindOf_EveryKind_IsAnException()
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
            Assert.Contains(HiveErrorMapping.KindOf(kind), new[] { HiveExceptionKind.Meta, HiveExceptionKind.NoSuchObject, HiveExceptionKind.AlreadyExists, HiveExceptionKind.InvalidOperation });
    }

    [Fact]
    public void FindId_EveryCallThatUsesTheCatalog_CanSayWhatIsWrong()
    {
        var methods = HiveMethods.All(new HiveOptions { WarehouseLocation = "s3://lake" }, new LockTable(TimeSpan.FromMinutes(5), TimeProvider.System, SystemRandom.Instance), TimeProvider.System, Random.Shared);
        // These declare nothing, or nothing that fits; they answer with a TApplicationException.
        string[] silent = ["lock", "check_lock", "unlock", "heartbeat", "show_locks", "get_table_objects_by_name"];
        Assert.Equal(silent.Order(), methods.Values.Where(m => !m.IsOpen && m.FindId(HiveExceptionKind.Meta) is null).Select(m => m.Name).Order());
    }
}
