using Tarn.Iceberg.Catalogs;

namespace Tarn.Iceberg.Tests.Catalogs;

public sealed class TableFoldersTests
{
    [Theory]
    [InlineData("s3://lake/orders", "s3://lake/orders/metadata/1.json", true)]
    [InlineData("s3://lake/orders/", "s3a://lake/orders/a", true)]
    [InlineData("/lake/orders", "file:///lake/orders/..a/b..", true)]
    [InlineData("s3://lake/orders", "s3://lake/orders", false)]
    [InlineData("s3://lake/orders", "s3://lake/orders-2/a", false)]
    [InlineData("s3://lake/orders", "s3://lake/other/a", false)]
    [InlineData("/lake/sales/orders", "/lake/sales/orders/../secret/metadata/1.json", false)]
    [InlineData("/lake/sales/orders", "/lake/sales/orders/./a", false)]
    [InlineData("/lake/sales/orders", "/lake/sales/orders/..", false)]
    public void HasFile_Location_IsWhetherItLiesBelow(string folder, string location, bool isBelow) =>
        Assert.Equal(isBelow, TableFolders.HasFile(folder, location));
}
