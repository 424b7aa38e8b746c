using Tarn.Terminal.Editing;

namespace Tarn.Tests.Terminal;

public sealed class LineHistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-history").FullName;

    private string FilePath => Path.Combine(_folder, "state", "sql_history");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Add_EntriesOfSeveralLines_AreThereNextTime()
    {
        var history = LineHistory.Load(FilePath);
        history.Add("select 'a\\nb'\nfrom t;");
        history.Add("select 'a\\nb'\nfrom t;");
        history.Add("\\d t");

        Assert.Equal(["select 'a\\nb'\nfrom t;", "\\d t"], LineHistory.Load(FilePath).Entries);
    }

    [Fact]
    public void Add_FirstEntry_MakesAFileForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
            return;
        LineHistory.Load(FilePath).Add("select 1;");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void Add_MoreThanIsKept_ForgetsTheOldest()
    {
        var history = LineHistory.Load(FilePath);
        for (int i = 0; i <= LineHistory.MaxEntries; i++)
            history.Add($"select {i};");

        var kept = LineHistory.Load(FilePath).Entries;
        Assert.Equal(LineHistory.MaxEntries / 2, kept.Count);
        Assert.Equal($"select {LineHistory.MaxEntries};", kept[^1]);
    }
}
