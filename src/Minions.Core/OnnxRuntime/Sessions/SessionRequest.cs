using System.Collections.ObjectModel;
using Minions.Core.Files;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>What code asks of a session; it wins over what a model's folder says.</summary>
internal sealed record SessionRequest
{
    /// <summary>The ONNX file of the folder, relative to it, or <see langword="null"/> where the folder may say.</summary>
    public string? ModelFile { get; init; }

    /// <summary>The hidden states that the graph shall give beside logits.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Where to run; <see langword="null"/> for CUDA when it loads, else the CPU.</summary>
    public SessionDevice? Device { get; init; }

    /// <summary>The number of the GPU, or <see langword="null"/> for the folder's, else 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Options of the CUDA provider by ONNX Runtime's names.</summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Session entries by ONNX Runtime's names.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The threads of an operator, or <see langword="null"/> where the folder may say.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>Hears of the files that are opened, or <see langword="null"/>.</summary>
    public IProgress<FileOpening>? Files { get; init; }

    /// <summary>The threads of an operator where neither code nor folder says.</summary>
    public int DefaultIntraOpThreads { get; init; } = 1;
}
