using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Storage.Remote;

public sealed partial class S3ObjectStore
{
    private const string Any = "*";
    private const int UploadsAtOnce = 8;

    /// <inheritdoc/>
    public StagedFile Stage(string extension) => _local.Stage(extension);

    /// <inheritdoc/>
    public async ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default)
    {
        if (!TryFind(location, out var place))
            return await _local.PutAsync(location, content, condition, cancellationToken).ConfigureAwait(false);
        place.RequireObject(location);
        var request = new PutObjectRequest
        {
            BucketName = place.Bucket,
            Key = place.Key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            IfNoneMatch = await ConditionAsync(location, place, condition, cancellationToken).ConfigureAwait(false),
        };
        var mark = new WriteMark();
        if (request.IfNoneMatch is not null)
            mark.Put(request.Metadata);
        await FinishAsync(location, place, mark, () => Client.PutObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);

        _cache.Forget(Identity(place));
        return new ObjectStat(location, content.Length, DateTimeOffset.UtcNow);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default)
    {
        var adopted = new ObjectStat[files.Count];
        var stored = new bool[files.Count];
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, files.Count), new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
            {
                adopted[i] = await AdoptOneAsync(files[i].File, files[i].Location, token).ConfigureAwait(false);
                stored[i] = true;
            }).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await TakeBackAsync(files, stored).ConfigureAwait(false);
            throw;
        }

        foreach (var (file, _) in files)
            file.Dispose();
        return adopted;
    }

    private async ValueTask<ObjectStat> AdoptOneAsync(StagedFile file, string location, CancellationToken cancellationToken)
    {
        if (!TryFind(location, out var place))
            return (await _local.AdoptAsync([(file, location)], cancellationToken).ConfigureAwait(false))[0];
        place.RequireObject(location);
        if (!File.Exists(file.Path))
            throw TarnException.NotFound($"Cannot store '{location}' from its staged file: '{file.Path}' does not exist.");
        string? condition = await ConditionAsync(location, place, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        var upload = new S3Upload(Client, place, condition);
        await FinishAsync(location, place, upload.Mark, () => upload.RunAsync(file.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new ObjectStat(location, new FileInfo(file.Path).Length, DateTimeOffset.UtcNow);
    }

    // A request whose answer was lost is repeated by the SDK and then finds its own object: that is success.
    private async Task FinishAsync(string location, S3Location place, WriteMark mark, Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (AmazonS3Exception error) when (S3Failures.IsTaken(error))
        {
            if (!await mark.IsOnAsync(Client, place, cancellationToken).ConfigureAwait(false))
                throw Taken(location);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot store '{location}'");
        }
    }

    // Objects of a failed adoption were announced to nobody, so nothing can refer to them yet.
    private async ValueTask TakeBackAsync(IReadOnlyList<(StagedFile File, string Location)> files, bool[] stored)
    {
        for (int i = 0; i < files.Count; i++)
        {
            if (!stored[i])
                continue;
            try
            {
                await DeleteAsync(files[i].Location, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TarnException)
            {
                // The store fails already and the first failure is on its way to the caller; what stays is unreferenced garbage.
                continue;
            }
        }
    }

    // Without conditional writes the check and the write are two steps: enough for names that are never given twice.
    private async ValueTask<string?> ConditionAsync(string location, S3Location place, PutCondition condition, CancellationToken cancellationToken)
    {
        if (condition == PutCondition.Overwrite)
            return null;
        if (_options.ConditionalWrites)
        {
            await VerifyOnceAsync(cancellationToken).ConfigureAwait(false);
            return Any;
        }

        return await FindAsync(location, place, cancellationToken).ConfigureAwait(false) is null ? null : throw Taken(location);
    }

    private static TarnException Taken(string location) => TarnException.AlreadyExists($"'{location}' exists already; objects are never overwritten in place.");
}
