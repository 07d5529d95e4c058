using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Micro;

/// <summary>
/// What the n-gram draft guesses by beyond the request's own text: kept outputs and reference texts. Time of a guess, time and memory of taking texts in:
/// divide the bytes by the ids.
/// </summary>
[MemoryDiagnoser]
public class NgramCorpusBenchmarks : IDisposable
{
    private const int Guesses = 8;
    private const int Output = 512;
    private const string Key = "caller";

    private NgramDraft _keeping = null!;
    private NgramDraft _plain = null!;
    private SequenceOptions _referring = null!;
    private IDraftSequence? _reader;
    private IDraftSequence? _referrer;
    private DraftRequest _byOutputs = null!;
    private DraftRequest _byReferences = null!;
    private int[] _context = [];

    [Params(4_096, 65_536, 262_144)]
    public int Ids { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        int[] text = RepeatingText.Write(Ids);
        _keeping = new NgramDraft(new NgramDraftOptions { PoolCapacity = 2 * Ids });
        _plain = new NgramDraft();
        for (int from = 0; from < Ids; from += Output)
            Keep(text.AsMemory(from, Output));

        // A phrase from the middle, behind ids that occur nowhere else.
        _context = [.. Enumerable.Range(30_000, 64), .. text[(Ids / 2)..(Ids / 2 + 4)]];
        _referring = new SequenceOptions { References = [text] };
        _reader = _keeping.OpenSequence(new SequenceOptions { CacheKey = Key });
        _referrer = _plain.OpenSequence(_referring);
        _byOutputs = Begin(_keeping, _reader);
        _byReferences = Begin(_plain, _referrer);
        if (GuessByOutputs() < Guesses || GuessByReferences() < Guesses)
            throw new InvalidOperationException("Too little was proposed, so too little would be measured.");
    }

    /// <summary>One guess by kept outputs.</summary>
    [Benchmark(OperationsPerInvoke = Guesses)]
    public int GuessByOutputs() => GoOn(_keeping, _byOutputs);

    /// <summary>One guess by a reference text.</summary>
    [Benchmark(OperationsPerInvoke = Guesses)]
    public int GuessByReferences() => GoOn(_plain, _byReferences);

    /// <summary>All ids of a reference text, as when a request begins.</summary>
    [Benchmark]
    public void TakeInReferences() => _plain.OpenSequence(_referring).Dispose();

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _reader?.Dispose();
        _referrer?.Dispose();
        _keeping?.Dispose();
        _plain?.Dispose();
    }

    private DraftRequest Begin(NgramDraft draft, IDraftSequence sequence)
    {
        var request = new DraftRequest(sequence);
        request.Prepare(_context.AsMemory(0, _context.Length - 1), 1);
        draft.Propose([request], CancellationToken.None);
        return request;
    }

    // Behind an id that is only supposed, so that every call finds the draft as the one before did.
    private int GoOn(NgramDraft draft, DraftRequest request)
    {
        request.Prepare(_context, Guesses, supposedTokens: 1);
        draft.Propose(new ReadOnlySpan<DraftRequest>(in request), CancellationToken.None);
        return request.Proposal.Count;
    }

    private void Keep(ReadOnlyMemory<int> output)
    {
        using IDraftSequence sequence = _keeping.OpenSequence(new SequenceOptions { CacheKey = Key });
        var request = new DraftRequest(sequence);
        request.Prepare(output[..1], 1);
        _keeping.Propose([request], CancellationToken.None);
        request.Prepare(output, 1);
        _keeping.Propose([request], CancellationToken.None);
    }
}
