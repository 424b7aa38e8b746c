using System.Collections.Immutable;
using Tarn.Commands.Governance;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Commands.Governance;

public sealed class ObjectNameTests
{
    [Fact]
    public async Task Find_PlainTableOfTheHiveMetastore_SaysThatItHasNoTags()
    {
        var table = new ForeignTable(ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty);
        await using var lake = new FakeLake { Catalog = new FixedCatalog { Foreign = new ForeignTableHandle(TableIdentifier.Of("plain", "calls"), 1, table) } };
        var error = await Assert.ThrowsAsync<TarnException>(() => ObjectName.FindAsync(lake, "plain.calls", default));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("'plain.calls' is a plain table of the Hive Metastore", error.Message, StringComparison.Ordinal);
    }
}
