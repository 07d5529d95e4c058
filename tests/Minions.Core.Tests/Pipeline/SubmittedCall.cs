using System.Threading.Channels;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A call that an interleaving has made, and what its reader has seen.</summary>
internal sealed class SubmittedCall
{
    public required IReadOnlyList<int> Prompt { get; init; }

    public required int Count { get; init; }

    public CancellationTokenSource Cancellation { get; } = new();

    public Channel<GeneratedToken> Tokens { get; } = Channel.CreateUnbounded<GeneratedToken>();

    public List<int> Seen { get; } = [];

    public Task<GenerationResult> Call { get; set; } = null!;

    public void Read()
    {
        while (Tokens.Reader.TryRead(out GeneratedToken token))
            Seen.Add(token.Id);
    }
}
