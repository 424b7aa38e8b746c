using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Transactions;

/// <summary>Random changes by competing writers against a model: a set of live files per branch.</summary>
public sealed class RandomHistoryTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Commit_RandomHistories_HoldWhatTheModelHolds(int version)
    {
        for (int round = 0; round < Soak.Rounds(3, 40); round++)
            await RunAsync(version, unchecked(Soak.Seed + round));
    }

    private static async Task RunAsync(int version, int seed)
    {
        var random = new Random(seed);
        using var lake = await Lake.WithTableAsync(version, random.Next(2) == 0 ? Lake.ByRegion : null, new()
        {
            ["commit.manifest.min-count-to-merge"] = random.Next(2, 6).ToString(),
            ["commit.manifest.target-size-bytes"] = random.Next(2) == 0 ? "6000" : "8388608",
            ["commit.retry.min-wait-ms"] = "0",
        });
        var model = new Dictionary<string, SortedSet<string>> { ["main"] = new(StringComparer.Ordinal) };
        int next = 0;
        bool competing = false;
        lake.Catalog.BeforeCommit = async _ =>
        {
            if (competing || random.Next(4) != 0)
                return;
            competing = true;
            string name = $"c{next++:000}";
            await lake.CommitAsync(new FastAppend().Add(await FileAsync(lake, name, random)));
            model["main"].Add(name);
            competing = false;
        };
        for (int step = 0; step < Steps; step++)
        {
            string branch = model.Count > 1 && random.Next(4) == 0 ? "audit" : "main";
            try
            {
                await StepAsync(lake, random, model, branch, () => $"f{next++:000}");
            }
            catch (TarnException e) when (e.Kind == ErrorKind.Conflict && !competing)
            {
                Assert.Fail($"version {version}, seed {seed}, step {step}: {e.Message}");
            }

            await CheckAsync(lake, model, $"version {version}, seed {seed}, step {step}");
        }
    }

    private static async Task StepAsync(Lake lake, Random random, Dictionary<string, SortedSet<string>> model, string branch, Func<string> newName)
    {
        var files = model[branch];
        switch (random.Next(8))
        {
            case 0 or 1:
                string[] added = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => newName())];
                AppendFiles append = random.Next(2) == 0 ? new FastAppend() : new MergeAppend();
                foreach (string name in added)
                    append.Add(await FileAsync(lake, name, random));
                await lake.CommitAsync(append.ToBranch(branch));
                files.UnionWith(added);
                break;
            case 2 when files.Count > 0:
                string gone = files.ElementAt(random.Next(files.Count)), replacement = newName();
                await lake.CommitAsync(new OverwriteFiles().Delete(Lake.File(gone)).Add(await FileAsync(lake, replacement, random)).ToBranch(branch));
                files.Remove(gone);
                files.Add(replacement);
                break;
            case 3 when files.Count > 0:
                gone = files.ElementAt(random.Next(files.Count));
                await lake.CommitAsync(new DeleteFiles().Delete(Lake.File(gone).FilePath).ToBranch(branch));
                files.Remove(gone);
                break;
            case 4:
                string column = newName(), file = newName();
                await lake.CommitAsync(new UpdateSchema().AddColumn(null, column, SimpleType.Int), new FastAppend().ToBranch(branch).Add(await FileAsync(lake, file, random)));
                files.Add(file);
                break;
            case 5:
                await lake.CommitAsync((await lake.TableAsync()).Metadata.DefaultSpec.Fields.Any(f => f.Transform.Kind == TransformKind.Identity)
                    ? new UpdatePartitionSpec().RemoveField("region", Transform.Identity)
                    : new UpdatePartitionSpec().AddField("region", Transform.Identity));
                break;
            case 6 when model["main"].Count > 0 && (await lake.TableAsync()).Metadata.CurrentSnapshotId is not null:
                await lake.CommitAsync(new ManageSnapshots().CreateOrReplaceBranch("audit"));
                model["audit"] = new SortedSet<string>(await lake.LiveAsync((await lake.TableAsync()).Metadata, "audit"), StringComparer.Ordinal);
                break;
            default:
                await lake.CommitAsync(new UpdateProperties().Set("step", newName()));
                break;
        }
    }

    private static async Task<DataFile> FileAsync(Lake lake, string name, Random random)
    {
        var spec = (await lake.TableAsync()).Metadata.DefaultSpec;
        object?[] partition = [.. spec.Fields.Select(f => f.Transform.Kind == TransformKind.Identity && random.Next(3) > 0 ? (object?)$"r{random.Next(3)}" : null)];
        return Lake.File(name) with { SpecId = spec.SpecId, Partition = partition };
    }

    private static async Task CheckAsync(Lake lake, Dictionary<string, SortedSet<string>> model, string where)
    {
        var handle = await lake.TableAsync();
        var table = TableMetadataJson.Read(await lake.Store.ReadAsync(handle.MetadataLocation), handle.MetadataLocation);
        foreach (var (branch, files) in model)
        {
            if (table.Head(branch) is not { } head)
            {
                Assert.Empty(files);
                continue;
            }

            var live = (await lake.EntriesAsync(table, head)).Where(e => e.IsLive).ToArray();
            Assert.True(files.SetEquals(live.Select(e => Path.GetFileNameWithoutExtension(e.DataFile.FilePath))) && live.Length == files.Count, $"{where}: {branch} lists other files than the model");
            Assert.Equal(files.Count.ToString(), head.Summary["total-data-files"]);
            if (table.FormatVersion < 3)
                continue;
            // Row ids never overlap and lie below the table's next one.
            long end = 0;
            foreach (var file in live.Select(e => e.DataFile).OrderBy(f => f.FirstRowId))
            {
                Assert.True(file.FirstRowId >= end, $"{where}: row ids of {file.FilePath} overlap");
                end = file.FirstRowId!.Value + file.RecordCount;
            }

            Assert.True(end <= table.NextRowId, where);
        }
    }
}
