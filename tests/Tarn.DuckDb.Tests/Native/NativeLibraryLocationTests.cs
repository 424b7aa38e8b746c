using Tarn.Core.Errors;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb.Tests.Native;

public sealed class NativeLibraryLocationTests
{
    [Fact]
    public void Find_NowhereThere_SaysWhereItLookedAndWhatToDo()
    {
        var folder = Directory.CreateTempSubdirectory("tarn-native");
        var error = Assert.Throws<TarnException>(() => NativeLibraryLocation.Find(null, [folder.FullName]));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains(folder.FullName, error.Message);
        Assert.Contains("npm install", error.Message);
        Assert.Contains(NativeLibraryLocation.PathVariable, error.Message);
        folder.Delete();
    }

    [Fact]
    public void Find_VariableNamesAMissingFile_IsAnError() =>
        Assert.Contains("/no/such/file", Assert.Throws<TarnException>(() => NativeLibraryLocation.Find("/no/such/file", [])).Message);

    [Fact]
    public void Find_BesideTheProgram_WinsOverParentFolders()
    {
        var real = NativeLibraryLocation.Find(null, [AppContext.BaseDirectory]);
        var folder = Directory.CreateTempSubdirectory("tarn-native");
        var beside = Path.Combine(folder.FullName, Path.GetFileName(real));
        File.WriteAllBytes(beside, []);
        Assert.Equal(beside, NativeLibraryLocation.Find(null, [folder.FullName, AppContext.BaseDirectory]));
        Assert.Equal(beside, NativeLibraryLocation.Find(beside, [AppContext.BaseDirectory]));
        folder.Delete(recursive: true);
    }
}
