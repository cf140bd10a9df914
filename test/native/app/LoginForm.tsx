import { useState } from 'react'
import { Pressable, Text, TextInput, View } from 'react-native'
import { useLogin } from 'signoff'

export const LoginForm = () => {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useLogin()
  return (
    <View>
      <TextInput accessibilityLabel="E-mail" value={email} onChangeText={setEmail} />
      <TextInput accessibilityLabel="Password" value={password} onChangeText={setPassword} secureTextEntry />
      <Pressable accessibilityRole="button" onPress={() => login.mutate({ email, password })}>
        <Text>Log in</Text>
      </Pressable>
      {login.error && <Text accessibilityRole="alert">{login.error.message}</Text>}
    </View>
  )
}
