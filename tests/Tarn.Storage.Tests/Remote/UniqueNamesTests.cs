using Tarn.Storage.Remote;

namespace Tarn.Storage.Tests.Remote;

/// <summary>Which names are taken for names that are never given twice.</summary>
public sealed class UniqueNamesTests
{
    [Theory]
    [InlineData("lake/t/data/0a05a18de5e5459abe90c197ed3b68cc.parquet")]
    [InlineData("lake/t/metadata/00000-b735d90e-7b64-4032-989f-65f86feb2604.metadata.json")]
    [InlineData("lake/t/metadata/ebb04ead-104a-4c2d-b90a-d9a806716cfc-m0.avro")]
    [InlineData("lake/t/metadata/snap-7062846884277047304-1-EBB04EAD-104a-4c2d-b90a-d9a806716cfc.avro")]
    [InlineData("00000-0-b735d90e-7b64-4032-989f-65f86feb2604-00001.parquet")]
    public void IsUnique_NamesOfIcebergWriters_True(string key) => Assert.True(UniqueNames.IsUnique(key));

    [Theory]
    [InlineData("lake/t/metadata/version-hint.text")]
    [InlineData("lake/t/metadata/v12.metadata.json")]
    [InlineData("lake/b735d90e-7b64-4032-989f-65f86feb2604/data.parquet")]
    [InlineData("snap-7062846884277047304.avro")]
    [InlineData("b735d90e-7b64-4032-989f-65f86feb260.parquet")]
    [InlineData("")]
    public void IsUnique_NamesThatMayBeGivenAgain_False(string key) => Assert.False(UniqueNames.IsUnique(key));
}
