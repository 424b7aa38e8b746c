using System.Collections.Immutable;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;
using Tarn.Storage.Memory;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Branches;

/// <summary>Random changes on random branches against plain dictionaries, one whole copy for each branch.</summary>
public sealed class BranchModelTests
{
    private static readonly string[] s_names = ["a", "b", "c", "d", "e"];
    private static readonly string[] s_branches = ["main", "dev", "dev2", "fix"];
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    [Fact]
    public async Task RandomOperations_OnBranches_AgreeWithCopies()
    {
        int rounds = Soak.Rounds(12, 2000), merges = 0, conflicts = 0;
        for (int round = 0; round < rounds; round++)
        {
            var run = new Run(Soak.Seed + round);
            await run.PlayAsync(operations: 60);
            merges += run.Merges;
            conflicts += run.Conflicts;
        }

        Assert.True(merges > rounds / 2 && conflicts > rounds / 4, $"seed {Soak.Seed}: {merges} merges, {conflicts} conflicts: too few to prove anything");
        Console.WriteLine($"soak: {rounds} rounds of branches against copies, {merges} merges, {conflicts} conflicts, seed {Soak.Seed}");
    }

    /// <summary>Name to pointer; a name of one part is a namespace.</summary>
    private sealed class Model : Dictionary<string, string>
    {
        public Model(IDictionary<string, string> other)
            : base(other, StringComparer.Ordinal)
        {
        }
    }

    private sealed class Run(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly MemoryObjectStore _files = new();
        private readonly Dictionary<string, Model> _branches = new() { ["main"] = new Model(new Dictionary<string, string>()) };
        private readonly Dictionary<string, (string Parent, Model Base)> _origins = [];
        private readonly Dictionary<string, Guid> _same = [];
        private int _next;

        public int Merges { get; private set; }

        public int Conflicts { get; private set; }

        public async Task PlayAsync(int operations)
        {
            using var folder = new TemporaryFolder();
            using var log = new EmbeddedCommitLog(folder.Path);
            for (int i = 0; i < operations; i++)
            {
                await StepAsync(log);
                var state = await log.ReadAsync();
                Require(state);
                Require(StateJson.Read(StateJson.Write(state)));
            }
        }

        private async Task StepAsync(EmbeddedCommitLog log)
        {
            var service = new CatalogBranches(log, _files, "lake", "sim", TimeSpan.Zero);
            string branch = Pick([.. _branches.Keys]);
            switch (_random.Next(12))
            {
                case 0:
                    await CreateAsync(service, Pick(s_branches), branch);
                    break;
                case 1 when _random.Next(4) == 0:
                    await DeleteAsync(service, branch);
                    break;
                case 2 or 3 when _origins.TryGetValue(branch, out var origin):
                    await (_random.Next(3) == 0 ? MergeAsync(service, origin.Parent, branch) : MergeAsync(service, branch, origin.Parent));
                    break;
                default:
                    await ChangeAsync(log, branch);
                    break;
            }
        }

        private async Task CreateAsync(CatalogBranches service, string name, string from)
        {
            if (_branches.ContainsKey(name))
            {
                Assert.Equal(ErrorKind.AlreadyExists, await KindAsync(() => service.CreateAsync(name, from).AsTask()));
                return;
            }

            await service.CreateAsync(name, from);
            _branches[name] = new Model(_branches[from]);
            _origins[name] = (from, new Model(_branches[from]));
        }

        private async Task DeleteAsync(CatalogBranches service, string name)
        {
            if (name == "main" || _origins.Values.Any(o => o.Parent == name))
            {
                Assert.Equal(ErrorKind.InvalidRequest, await KindAsync(() => service.DeleteAsync(name).AsTask()));
                return;
            }

            await service.DeleteAsync(name);
            _branches.Remove(name);
            _origins.Remove(name);
        }

        private async Task MergeAsync(CatalogBranches service, string source, string target)
        {
            string younger = _origins.TryGetValue(source, out var o) && o.Parent == target ? source : target;
            var (here, there, common) = (_branches[target], _branches[source], _origins[younger].Base);
            var touched = there.Keys.Union(common.Keys).Where(k => there.GetValueOrDefault(k) != common.GetValueOrDefault(k)).ToList();
            bool conflict = touched.Any(k => here.GetValueOrDefault(k) != common.GetValueOrDefault(k) && here.GetValueOrDefault(k) != there.GetValueOrDefault(k));
            var merged = new Model(here);
            foreach (string key in touched)
            {
                if (there.TryGetValue(key, out string? value))
                    merged[key] = value;
                else
                    merged.Remove(key);
            }

            // A tree that cannot stand is a conflict as well, and so is one table under two names.
            conflict |= merged.Keys.Any(k => k.Contains('.', StringComparison.Ordinal) && !merged.ContainsKey(k.Split('.')[0]));
            conflict |= IsTwice(merged) && !IsTwice(here);
            if (conflict)
            {
                Conflicts++;
                await Assert.ThrowsAsync<CommitConflictException>(() => service.MergeAsync(source, target).AsTask());
                return;
            }

            Merges++;
            await service.MergeAsync(source, target);
            _branches[target] = merged;
            if (touched.Count > 0)
                _origins[younger] = (_origins[younger].Parent, new Model(there));
            var again = await service.CompareAsync(source, target);
            Assert.True(again.Source.Count == 0, $"seed {seed}: after a merge '{source}' still differs in {string.Join(", ", again.Source.Select(c => c.FullName))}");
            Assert.Empty(await service.MergeAsync(source, target));
        }

        private async Task ChangeAsync(EmbeddedCommitLog log, string branch)
        {
            var model = _branches[branch];
            string space = Pick(["x", "y"]), name = $"{space}.{Pick(s_names)}";
            var table = TableIdentifier.Of(name.Split('.'));
            if (!model.ContainsKey(space))
            {
                await AppendAsync(log, branch, new CatalogChange.PutNamespace(table.Namespace, s_none));
                model[space] = "";
                return;
            }

            string pointer = (_next++).ToString(CultureInfo.InvariantCulture);
            switch (_random.Next(8))
            {
                case 0 or 1 when model.ContainsKey(name):
                    await AppendAsync(log, branch, new CatalogChange.DropTable(table));
                    model.Remove(name);
                    break;
                case 2 when model.ContainsKey(name) && model.ContainsKey("x") && !model.ContainsKey("x.e") && !model[name].Contains("same", StringComparison.Ordinal):
                    await AppendAsync(log, branch, new CatalogChange.RenameTable(table, TableIdentifier.Of("x", "e")));
                    model["x.e"] = model[name];
                    model.Remove(name);
                    break;
                case 3 when !model.Keys.Any(k => k.StartsWith(space + ".", StringComparison.Ordinal)):
                    await AppendAsync(log, branch, new CatalogChange.DropNamespace(table.Namespace));
                    model.Remove(space);
                    break;
                case 4:
                    // The same on every branch: changes that are no conflict.
                    if (!_same.TryGetValue(name, out var shared))
                        _same[name] = shared = Guid.NewGuid();
                    await PutAsync(log, branch, table, shared, "same-" + name);
                    model[name] = $"{shared} same-{name}";
                    break;
                default:
                    var uuid = model.TryGetValue(name, out string? present) && !present.Contains("same", StringComparison.Ordinal) ? Uuid(present) : Guid.NewGuid();
                    await PutAsync(log, branch, table, uuid, pointer);
                    model[name] = $"{uuid} {pointer}";
                    break;
            }
        }

        private void Require(LogState state)
        {
            Assert.Equal(_branches.Keys.Order(StringComparer.Ordinal), state.Warehouses["lake"].Branches.Keys);
            foreach (var (branch, model) in _branches)
            {
                var catalog = state.RequireCatalog(new CatalogAddress("lake", branch));
                var seen = catalog.Namespaces.Select(n => KeyValuePair.Create(n.Key.ToString(), ""))
                    .Concat(catalog.Pointers.Select(p => KeyValuePair.Create(p.Name.ToString(), $"{p.Uuid} {p.MetadataLocation}")));
                Assert.True(model.OrderBy(m => m.Key, StringComparer.Ordinal).SequenceEqual(seen.OrderBy(m => m.Key, StringComparer.Ordinal)), $"seed {seed}: branch {branch} is not what it should be");
            }
        }

        private static bool IsTwice(Model model) =>
            model.Values.Where(v => v.Length > 0 && !v.Contains("same", StringComparison.Ordinal)).GroupBy(v => v.Split(' ')[0]).Any(g => g.Count() > 1);

        private static Guid Uuid(string value) => Guid.Parse(value.Split(' ')[0]);

        // Another table in the place of one drops that.
        private async Task PutAsync(EmbeddedCommitLog log, string branch, TableIdentifier table, Guid uuid, string pointer)
        {
            await _files.PutAsync(pointer, default, PutCondition.Overwrite);
            CatalogChange[] dropped = _branches[branch].TryGetValue(table.ToString(), out string? present) && Uuid(present) != uuid ? [new CatalogChange.DropTable(table)] : [];
            await AppendAsync(log, branch, [.. dropped, new CatalogChange.PutTable(table, uuid, pointer)]);
        }

        private static async Task AppendAsync(EmbeddedCommitLog log, string branch, params IReadOnlyList<CatalogChange> changes) =>
            await log.AppendAsync(new CommitRequest("sim", [], changes) { At = new CatalogAddress("lake", branch) });

        private static async Task<ErrorKind> KindAsync(Func<Task> call) => (await Assert.ThrowsAsync<TarnException>(call)).Kind;

        private string Pick(IReadOnlyList<string> of) => of[_random.Next(of.Count)];
    }
}
