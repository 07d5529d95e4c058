using System.Collections.Concurrent;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>Lends batches, as many as calls are in work at once. Safe to use from several threads.</summary>
internal sealed class WorkBatches(OnnxDecoder decoder, bool packs)
{
    private readonly ConcurrentBag<WorkBatch> _free = [];

    public WorkBatch Rent() => _free.TryTake(out WorkBatch? batch) ? batch : new WorkBatch(packs ? decoder.Sizes : null);

    public void Return(WorkBatch batch) => _free.Add(batch);
}
