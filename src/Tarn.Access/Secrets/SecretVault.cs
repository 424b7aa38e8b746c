using System.Text;
using Tarn.Access.Identities;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Access.Secrets;

/// <summary>
/// Seals what must be kept in clear (secret keys of signatures, password verifiers) under a master key, which lies in
/// <c>master.json</c> of a folder of its own. Whoever has the store without the folder has no secret. A sealed text reads
/// <c>v1.KEYID.BASE64</c>. Safe for any number of threads and processes.
/// </summary>
/// <param name="folder">The folder of keys, absolute; created with the first key.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Where keys come from.</param>
public sealed class SecretVault(string folder, TimeProvider time, IRandomSource random)
{
    /// <summary>Name of the folder beside the data.</summary>
    public const string FolderName = ".keys";

    private const string FileName = "master.json", LockName = "rotation.lock", Prefix = "v1.";

    private MasterKeys? _keys;

    private string FilePath => Path.Join(folder, FileName);

    /// <summary>Where the keys lie.</summary>
    public string Folder => folder;

    /// <summary>Whether there is a master key.</summary>
    public bool Exists => Load() is not null;

    /// <summary>Creates the master key unless there is one. Several processes may do so at once.</summary>
    /// <exception cref="TarnException">ResourceExhausted, PermissionDenied, Unavailable when it cannot be written.</exception>
    public void EnsureMasterKey()
    {
        if (Exists)
            return;
        OwnerOnlyFile.EnsureFolder(folder);
        var key = NewKey();
        OwnerOnlyFile.Write(FilePath, new MasterKeys(key.Id, [key]).Write(), replace: false);
        _keys = Load();
    }

    /// <summary>Seals a text under the master key that is current on the disk. Read the state that will hold it first: a rotation counts on that order.</summary>
    /// <param name="purpose">What and whose it is; opening must say the same.</param>
    /// <param name="text">The secret.</param>
    internal string Seal(string purpose, string text) => Seal(purpose, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Seal(string, string)"/>
    internal string Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var keys = _keys = Load() ?? throw Missing();
        var key = keys.Find(keys.Current)!;
        return $"{Prefix}{key.Id}.{Convert.ToBase64String(SealedText.Seal(key.Bytes, purpose, plain, random))}";
    }

    /// <summary>Opens a sealed text.</summary>
    /// <exception cref="TarnException">DataCorrupted when its master key is gone or it is not what was sealed for this purpose.</exception>
    internal string OpenText(string purpose, string sealedText) => Encoding.UTF8.GetString(OpenBytes(purpose, sealedText));

    /// <inheritdoc cref="OpenText"/>
    internal byte[] OpenBytes(string purpose, string sealedText) => TryOpen(purpose, sealedText)
        ?? throw TarnException.Corrupted($"The secret of {purpose} cannot be opened with the master keys in '{FilePath}'. Restore that file, or make a new secret ('tarn user reset root', 'tarn key create').");

    /// <summary>Opens a sealed text; null when none of the master keys does.</summary>
    internal byte[]? TryOpen(string purpose, string sealedText)
    {
        if (!sealedText.StartsWith(Prefix, StringComparison.Ordinal) || sealedText.IndexOf('.', Prefix.Length) is not (> 0 and var dot))
            return null;
        string id = sealedText[Prefix.Length..dot];
        // A key that is not known yet was made by a rotation in another process since the file was last read.
        var key = _keys?.Find(id) ?? (_keys = Load())?.Find(id);
        if (key is null)
            return null;
        var bytes = new byte[sealedText.Length];
        return Convert.TryFromBase64String(sealedText[(dot + 1)..], bytes, out int length) ? SealedText.Open(key.Bytes, purpose, bytes.AsSpan(0, length)) : null;
    }

    /// <summary>Id of the key that seals now.</summary>
    internal string CurrentKeyId => (_keys = Load() ?? throw Missing()).Current;

    /// <summary>Takes the turn of rotating; null while another process has it.</summary>
    internal IDisposable? TryLockRotation() => PhysicalFileSystem.Instance.TryLock(Path.Join(folder, LockName), ProcessText.Current);

    /// <summary>Makes a new current key and keeps the others, which still open.</summary>
    internal void AddMasterKey()
    {
        var keys = Load() ?? throw Missing();
        var key = NewKey();
        _keys = new MasterKeys(key.Id, [key, .. keys.Keys]);
        OwnerOnlyFile.Write(FilePath, _keys.Write(), replace: true);
    }

    /// <summary>Drops all keys but the current one; only when nothing is sealed with them any more.</summary>
    internal void DropOldMasterKeys()
    {
        var keys = Load() ?? throw Missing();
        _keys = new MasterKeys(keys.Current, [keys.Find(keys.Current)!]);
        OwnerOnlyFile.Write(FilePath, _keys.Write(), replace: true);
    }

    private MasterKeys? Load() => OwnerOnlyFile.Read(FilePath) is { } content ? MasterKeys.Read(content, FilePath) : null;

    private MasterKey NewKey()
    {
        var bytes = new byte[MasterKey.SizeBytes];
        random.Fill(bytes);
        Span<byte> id = stackalloc byte[4];
        random.Fill(id);
        return new MasterKey(Convert.ToHexStringLower(id), bytes, time.GetUtcNow());
    }

    private TarnException Missing() => TarnException.Corrupted(
        $"The master key '{FilePath}' is missing, and the stored secrets cannot be opened without it. Restore it from a backup; 'tarn user reset root' makes a new one, and then every other key must be made anew.");
}
