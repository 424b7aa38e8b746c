using System.Threading.Channels;
using Tarn.Catalog.Rest.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>
/// A scan that is being planned. It goes ahead by one page of what is asked for and no further, so that its memory does not grow with the table; the last
/// page that was asked for can be asked for again, because its answer may have been lost. The next page is named by the page before it.
/// </summary>
internal sealed class PlannedScan : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<PlanPage> _pages = Channel.CreateBounded<PlanPage>(PlanningLimits.PagesAhead);
    private readonly SemaphoreSlim _gate = new(1);
    private PlanPage? _last;

    /// <summary>Begins to plan.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="owner">Who may ask for it, and for which table.</param>
    /// <param name="request">What is planned.</param>
    /// <param name="scans">The scans of the request, in order.</param>
    /// <param name="planner">Plans them.</param>
    /// <param name="check">Asked before the manifests of a scan are read.</param>
    /// <param name="begun">Told when the first page is ready.</param>
    public PlannedScan(string id, PlanOwner owner, PlanRequest request, IReadOnlyList<TableScan> scans, ScanPlanner planner, ManifestCheck check, Action begun)
    {
        (Id, Owner, Request, Scans) = (id, owner, request, scans);
        _ = Task.Run(() => RunAsync(planner, check));
        First = FirstAsync(begun);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Who may ask for it, and for which table.</summary>
    public PlanOwner Owner { get; }

    /// <summary>What is planned.</summary>
    public PlanRequest Request { get; }

    /// <summary>The scans of the request.</summary>
    public IReadOnlyList<TableScan> Scans { get; }

    /// <summary>The first page, when it is ready; fails when planning does.</summary>
    public Task<PlanPage?> First { get; }

    /// <summary>When somebody last asked for it.</summary>
    public DateTimeOffset LastAsked { get; set; }

    /// <summary>Whether nothing is left to be asked for, but what was asked for already.</summary>
    public bool IsDrained => Volatile.Read(ref _last) is { HasNext: false };

    /// <summary>A page: the last one that was asked for, or the next one when it is ready; null for any other.</summary>
    public async Task<PlanPage?> PageAsync(int number, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && last.Number == number)
                return last;
            if (number != (_last?.Number + 1 ?? 0) || _last is { HasNext: false })
                return null;
            var page = await _pages.Reader.ReadAsync(cancellationToken);
            Volatile.Write(ref _last, page);
            return page;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } failure)
        {
            throw CatalogErrorMapping.Translate(failure);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops planning; whoever waits for a page gets an error.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task<PlanPage?> FirstAsync(Action begun)
    {
        var page = await PageAsync(0, CancellationToken.None);
        begun();
        return page;
    }

    private async Task RunAsync(ScanPlanner planner, ManifestCheck check)
    {
        try
        {
            var tasks = new List<FileScanTask>();
            int number = 0;
            await foreach (var task in TasksAsync(planner, check))
            {
                if (tasks.Count == PlanningLimits.PageTasks)
                {
                    await _pages.Writer.WriteAsync(new PlanPage(number++, tasks, HasNext: true), _stop.Token);
                    tasks = [];
                }

                tasks.Add(task);
            }

            await _pages.Writer.WriteAsync(new PlanPage(number, tasks, HasNext: false), _stop.Token);
            _pages.Writer.Complete();
        }
        catch (OperationCanceledException)
        {
            _pages.Writer.Complete(new RestException(RestError.NoSuchPlanId, $"The plan {Id} was cancelled."));
        }
        catch (Exception failure)
        {
            _pages.Writer.Complete(failure);
        }
    }

    private async IAsyncEnumerable<FileScanTask> TasksAsync(ScanPlanner planner, ManifestCheck check)
    {
        long certain = 0;
        foreach (var scan in Scans)
        {
            await check(await planner.ManifestsAsync(scan, _stop.Token), _stop.Token);
            await foreach (var task in planner.StreamAsync(scan, null, _stop.Token))
            {
                yield return task;
                // Rows that certainly match and are not deleted; when they are enough, the rest need not be planned.
                if (task is { Deletes.Count: 0, Residual: Constant { Value: true } })
                    certain += task.File.RecordCount;
                if (certain >= Request.MinRowsRequested)
                    yield break;
            }
        }
    }
}

/// <summary>Checks that whoever plans may have what manifests say; throws when not.</summary>
internal delegate ValueTask ManifestCheck(IReadOnlyList<Iceberg.Spec.ManifestFile> manifests, CancellationToken cancellationToken);

/// <summary>Who may ask for a plan, and for which table it is.</summary>
/// <param name="Caller">Canonical id of who asked for it.</param>
/// <param name="Warehouse">Name of the warehouse.</param>
/// <param name="Table">The table.</param>
internal sealed record PlanOwner(string Caller, string Warehouse, Iceberg.Catalogs.TableIdentifier Table);
