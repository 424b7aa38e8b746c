using Tarn.Access.Identities;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Locks;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Catalog.Tests.Hive;

public sealed class HiveErrorMappingTests
{
    [Fact]
    public void KindOf_EveryKind_IsAnException()
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
            Assert.Contains(HiveErrorMapping.KindOf(kind), new[] { HiveExceptionKind.Meta, HiveExceptionKind.NoSuchObject, HiveExceptionKind.AlreadyExists, HiveExceptionKind.InvalidOperation });
    }

    /// <summary>Where the server looked for a file is for its log, also when an error in the way repeats what the one behind it says.</summary>
    [Fact]
    public void Map_AnErrorAtAFileOfTheServer_NamesItsLocationAlone()
    {
        var missing = FileErrors.Translate(new FileNotFoundException(), "Cannot read 's3://lake/t/1.json'", "/srv/data/lake/t/1.json");
        var around = TarnException.Corrupted($"The file of table 's.t' is missing: {missing.Message.TrimEnd('.')}. Restore it.", missing);
        Assert.Contains("'/srv/data/lake/t/1.json'", around.Message, StringComparison.Ordinal);
        Assert.Equal("Cannot read 's3://lake/t/1.json': does not exist; check the location, or map its prefix to where the files lie now.", HiveErrorMapping.Map(missing).Message);
        Assert.Equal(
            "The file of table 's.t' is missing: Cannot read 's3://lake/t/1.json': does not exist; check the location, or map its prefix to where the files lie now. Restore it.", HiveErrorMapping.Map(around).Message);
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
