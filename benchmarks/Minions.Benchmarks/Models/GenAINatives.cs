using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Benchmarks.Models;

/// <summary>The native library of ONNX Runtime GenAI, which a build for other hardware may lack.</summary>
internal static class GenAINatives
{
    private const string Library = "onnxruntime-genai";

    private static readonly Lazy<bool> Present = new(() => NativeLibrary.TryLoad(Library, typeof(Generator).Assembly, null, out _));

    /// <summary>Whether it can be loaded.</summary>
    public static bool ArePresent => Present.Value;
}
