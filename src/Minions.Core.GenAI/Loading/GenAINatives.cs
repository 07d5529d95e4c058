using System.ComponentModel;
using System.Diagnostics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Core.GenAI.Loading;

/// <summary>The native libraries of GenAI and ONNX Runtime, which the application chooses and this library does not bring.</summary>
internal static class GenAINatives
{
    /// <summary>Calls GenAI, telling native libraries that are missing or do not fit by the packages that bring them, and its errors by the folder.</summary>
    /// <exception cref="ModelLoadException">A library is missing or of another version, or GenAI cannot load the model.</exception>
    /// <param name="folder">The model folder.</param>
    /// <param name="provider">The execution provider that was asked for, or null.</param>
    /// <param name="call">What calls GenAI.</param>
    public static T Guard<T>(string folder, string? provider, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException || fault is TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new ModelLoadException(
                "The native library of ONNX Runtime GenAI cannot be loaded: reference, in the application, the package of it that brings the execution "
                + "provider, such as Microsoft.ML.OnnxRuntimeGenAI for the CPU or Microsoft.ML.OnnxRuntimeGenAI.Cuda for NVIDIA GPUs, only one of them. "
                + $"Cause: {FirstLine(fault)}",
                folder,
                fault);
        }
        catch (EntryPointNotFoundException fault)
        {
            throw new ModelLoadException(
                "The native library of ONNX Runtime GenAI is of another version than the managed part: reference the version of it that "
                + $"Microsoft.ML.OnnxRuntimeGenAI.Managed has. Cause: {FirstLine(fault)}",
                folder,
                fault);
        }
        catch (ModelRunException fault)
        {
            throw new ModelLoadException(fault.Message, folder, fault);
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            string advice = provider is null ? "" : $". Provider '{provider}' has to come with the package of ONNX Runtime GenAI that the application references";
            throw new ModelLoadException($"ONNX Runtime GenAI cannot load '{folder}': {FirstLine(fault)}{advice}", folder, fault);
        }
    }

    /// <summary>Refuses a process that has loaded two copies of ONNX Runtime, whose sessions do not see each other's devices and memory.</summary>
    /// <exception cref="ModelLoadException">There are two.</exception>
    public static void RefuseTwoRuntimes(string folder)
    {
        string[] copies = CopiesOf(LoadedFiles());
        if (copies.Length > 1)
        {
            throw new ModelLoadException(
                $"Two native libraries of ONNX Runtime are loaded, '{copies[0]}' and '{copies[1]}': reference only one package that brings it, so that "
                + "one file is left in the output folder.",
                folder);
        }
    }

    /// <summary>The different files among those that are called as ONNX Runtime's native library is.</summary>
    internal static string[] CopiesOf(IEnumerable<string> files) =>
        [.. files.Where(file => IsRuntime(Path.GetFileName(file))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsRuntime(string name) =>
        name is "onnxruntime.dll" or "libonnxruntime.dylib" || name.StartsWith("libonnxruntime.so", StringComparison.Ordinal)
        || (name.StartsWith("libonnxruntime.", StringComparison.Ordinal) && name.EndsWith(".dylib", StringComparison.Ordinal));

    private static IEnumerable<string> LoadedFiles()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)];
        }
        catch (Exception fault) when (fault is Win32Exception or NotSupportedException or InvalidOperationException)
        {
            // Not every system tells.
            return [];
        }
    }

    // The loader goes on with every path it has tried.
    private static string FirstLine(Exception fault) => fault.GetBaseException().Message.Split('\n', 2)[0].TrimEnd('\r', ' ', ':');
}
