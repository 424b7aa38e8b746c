namespace Tarn.Tests.Documents;

/// <summary>The folder that holds Tarn.slnx.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Join(folder, "Tarn.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder)!;
        return folder;
    }
}
