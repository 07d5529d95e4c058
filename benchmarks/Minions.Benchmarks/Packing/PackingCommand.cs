using System.Diagnostics;
using System.Globalization;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Packing;

/// <summary>
/// What it costs to verify several requests: in one run, and one after another; and what the sessions for several requests add to the
/// memory of the first.
/// </summary>
internal sealed class PackingCommand(RepositoryModels set, int rows)
{
    private const int ContextLength = 64;
    private const int Repetitions = 15;
    private const double MemoryBound = 1.3;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"{set.Name}: loading");
        var options = new OnnxModelOptions { Folder = Path.Combine(set.Folder, "target"), Provider = ExecutionProvider.Cpu };
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(options, cancellationToken: cancellationToken);
        VerificationRequest[] requests = [.. Enumerable.Range(0, target.MaxBatchSize).Select(_ => new VerificationRequest(target.OpenSequence(new SequenceOptions()), new SequenceOptions()))];

        // What the requests themselves hold, their caches above all, is the same however they are run.
        VerifyEach(target, requests.AsSpan(0, 1));
        ResidentMemory? alone = ResidentMemory.Measure();
        VerifyEach(target, requests);
        long ofRequests = ResidentMemory.Measure()?.Total - alone?.Total ?? 0;

        Console.WriteLine($"{set.Name}, {rows} rows a request, {ContextLength} ids of context; {ofRequests / 1e6:F0} MB are the requests' own");
        Console.WriteLine("requests  together ms  apart ms  ratio  anonymous MB  mapped MB  memory");
        double factor = 1;
        for (int count = 1; count <= requests.Length; count *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<VerificationRequest> batch = requests.AsMemory(0, count);
            Verify(target, batch.Span);
            await target.SessionsSettled;
            double together = MedianMilliseconds(() => Verify(target, batch.Span));
            double apart = MedianMilliseconds(() => VerifyEach(target, batch.Span));
            ResidentMemory? memory = ResidentMemory.Measure();
            factor = memory is null ? 1 : (double)(memory.Value.Total - ofRequests) / alone!.Value.Total;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count,8}{together,13:F1}{apart,10:F1}{apart / together,7:F2}{memory?.Anonymous / 1e6,14:F0}{memory?.Mapped / 1e6,11:F0}{factor,8:F2}"));
        }

        foreach (VerificationRequest request in requests)
            request.Sequence.Dispose();
        return set == RepositoryModels.SmolLm2 && factor > MemoryBound ? ExitCode.BoundMissed : ExitCode.Success;
    }

    private void VerifyEach(OnnxTargetVerifier target, ReadOnlySpan<VerificationRequest> batch)
    {
        for (int i = 0; i < batch.Length; i++)
            Verify(target, batch.Slice(i, 1));
    }

    // The last rows are run again each time, since their logits are wanted.
    private void Verify(OnnxTargetVerifier target, ReadOnlySpan<VerificationRequest> batch)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            int seed = i;
            batch[i].Prepare(Enumerable.Range(0, ContextLength + rows).Select(position => 10 + ((position * 31) + (seed * 7)) % 1000).ToArray(), rows);
        }

        target.Verify(batch, CancellationToken.None);
        foreach (VerificationRequest request in batch)
        {
            if (request.Fault is { } fault)
                throw new InvalidOperationException("A verification failed.", fault);
        }
    }

    private static double MedianMilliseconds(Action action)
    {
        double[] times = new double[Repetitions];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return Spread.Of(times).Median;
    }
}
