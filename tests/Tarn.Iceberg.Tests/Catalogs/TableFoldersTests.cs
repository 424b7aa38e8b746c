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

    [Theory]
    [InlineData("s3://lake", "s3://lake", true)]
    [InlineData("s3n://lake/a/", "s3://lake/", true)]
    [InlineData("file:/lake/a", "/lake", true)]
    [InlineData("s3://lake2/a", "s3://lake", false)]
    [InlineData("s3://lake/../x", "s3://lake", false)]
    [InlineData("s3://lake//x", "s3://lake", false)]
    [InlineData("file:///lake//x", "/lake", false)]
    [InlineData("s3://lake/./x", "s3://lake", false)]
    public void IsIn_Location_IsWhetherItIsTheFolderOrBelow(string location, string folder, bool isIn) =>
        Assert.Equal(isIn, TableFolders.IsIn(location, folder));

    [Theory]
    [InlineData("s3://lake/t", "d", "s3://lake/t/d")]
    [InlineData("s3://lake/t/", "s3a://lake/d/", "s3://lake/d")]
    [InlineData("s3://lake/t", "/srv/d", "/srv/d")]
    public void Resolve_Path_IsRelativeToTheTableUnlessItIsAbsolute(string location, string path, string folder) =>
        Assert.Equal(folder, TableFolders.Resolve(location, path));
}
