# Completion of lakelab for PowerShell: lakelab completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName lakelab -ScriptBlock {
    param($word, $command, $position)
    $line = $command.ToString()
    $length = $position - $command.Extent.StartOffset
    $line = if ($length -le $line.Length) { $line.Substring(0, $length) } else { $line.PadRight($length) }
    & $command.GetCommandName() complete $line 2>$null | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
