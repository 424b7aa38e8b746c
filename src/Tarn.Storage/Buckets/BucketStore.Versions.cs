using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <summary>The newest version of a key as the index has it, which may be a delete marker.</summary>
    private StoredObject? FindCurrent(string bucket, string key)
    {
        byte[] versions = IndexKeys.Versions(bucket, ObjectKeys.Encode(key));
        using var cursor = _index.OpenCursor();
        return cursor.Seek(versions) && cursor.Key.StartsWith(versions) ? ReadVersion(key, versions, cursor) : null;
    }

    private StoredObject? FindVersion(string bucket, string key, string versionId)
    {
        if (versionId == ObjectRecord.NullVersionId)
            return Versions(bucket, key).FirstOrDefault(v => v.IsNullVersion);
        if (!VersionIds.TryParse(versionId, out ulong sequence, out ulong token))
            return null;
        if (_index.Get(IndexKeys.Version(bucket, ObjectKeys.Encode(key), sequence)) is not { } value)
            return null;
        var found = ObjectCodec.Read(key, sequence, value);
        return !found.IsNullVersion && found.Token == token ? found : null;
    }

    /// <summary>All versions of a key, newest first.</summary>
    private IEnumerable<StoredObject> Versions(string bucket, string key)
    {
        byte[] versions = IndexKeys.Versions(bucket, ObjectKeys.Encode(key));
        using var cursor = _index.OpenCursor();
        for (bool isThere = cursor.Seek(versions); isThere && cursor.Key.StartsWith(versions); isThere = cursor.MoveNext())
            yield return ReadVersion(key, versions, cursor);
    }

    private static StoredObject ReadVersion(string key, byte[] versions, IndexCursor cursor) =>
        ObjectCodec.Read(key, IndexKeys.ReadSequence(cursor.Key[versions.Length..]), cursor.Value);

    private string AbsolutePath(string bucket, StoredObject stored) => _folders.Absolute(_folders.PathOf(bucket, stored));
}
