using System.Reflection;
using System.Runtime.InteropServices;
using Tarn.Core.Errors;

namespace Tarn.DuckDb.Native;

/// <summary>Finds and loads DuckDB's shared library, once per process.</summary>
internal static class NativeLibraryLocation
{
    /// <summary>The library name that every import of <see cref="NativeMethods"/> carries.</summary>
    internal const string ImportName = "duckdb";

    /// <summary>The environment variable that overrides the search: a path of the library file.</summary>
    internal const string PathVariable = "TARN_DUCKDB_LIBRARY";

    private static readonly Lazy<nint> Loaded = new(LoadAndRegister);

    /// <summary>Loads the library if this has not happened yet.</summary>
    /// <exception cref="TarnException">The library is not found or does not load.</exception>
    internal static void EnsureLoaded() => _ = Loaded.Value;

    private static nint LoadAndRegister()
    {
        var handle = Load();
        NativeLibrary.SetDllImportResolver(
            Assembly.GetExecutingAssembly(),
            (name, _, _) => name == ImportName ? handle : 0);
        return handle;
    }

    private static nint Load()
    {
        var path = Find(
            Environment.GetEnvironmentVariable(PathVariable),
            [AppContext.BaseDirectory, Path.GetDirectoryName(Environment.ProcessPath) ?? ""]);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            throw new TarnException(
                ErrorKind.Unavailable,
                $"The native SQL engine '{path}' does not load: {cause.Message} Reinstall it with `npm install`.",
                cause);
        }
    }

    /// <summary>
    /// The path of the library: <paramref name="configured"/> when given, else beside the program, else in
    /// <c>node_modules</c> of a parent folder of the program.
    /// </summary>
    /// <exception cref="TarnException">No candidate exists; the message lists the places.</exception>
    internal static string Find(string? configured, IReadOnlyList<string> folders)
    {
        if (!string.IsNullOrEmpty(configured))
            return File.Exists(configured)
                ? configured
                : throw new TarnException(ErrorKind.Unavailable,
                    $"{PathVariable} names '{configured}', which does not exist. Correct it, or unset it to use the engine of `npm install`.");

        var candidates = folders.Where(folder => folder.Length > 0).Distinct().SelectMany(Candidates).ToList();
        return candidates.Find(File.Exists) ?? throw new TarnException(ErrorKind.Unavailable, NotFoundMessage(folders));
    }

    private static IEnumerable<string> Candidates(string folder)
    {
        yield return Path.Combine(folder, FileName);
        yield return Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName);
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
            yield return Path.Combine(parent.FullName, "node_modules", PackageFolder, FileName);
    }

    private static string NotFoundMessage(IReadOnlyList<string> folders) =>
        $"The native SQL engine ({FileName}) was not found beside the program in '{folders[0]}', nor as "
        + $"node_modules/{PackageFolder}/{FileName} in a folder above it. Run `npm install` in the repository root, "
        + $"or set {PathVariable} to the file.";

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static string PackageFolder
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            return $"@duckdb/node-bindings-{system}-{processor}";
        }
    }
}
